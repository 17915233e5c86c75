using System.Text;

namespace IrisOperator.Common;

/// <summary>Shortens text for conditions, events and log lines. A character outside of the basic plane is never cut in two.</summary>
public static class Text
{
    private const int MaxQuoted = 120;

    /// <param name="maxLength">In UTF-16 units, the ellipsis included.</param>
    public static string Truncate(string text, int maxLength) => text.Length <= maxLength ? text : Cut(text, maxLength - 1);

    /// <param name="maxBytes">In UTF-8, the ellipsis included.</param>
    public static string TruncateUtf8(string text, int maxBytes)
    {
        if (Encoding.UTF8.GetByteCount(text) <= maxBytes)
        {
            return text;
        }

        var (length, bytes) = (0, Encoding.UTF8.GetByteCount("…"));
        foreach (var rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > maxBytes)
            {
                break;
            }

            length += rune.Utf16SequenceLength;
        }

        return string.Concat(text.AsSpan(0, length), "…");
    }

    /// <summary>Foreign text in quotes for a message on one line: at most 120 units, control characters replaced.</summary>
    /// <returns>The word <c>nothing</c> for null.</returns>
    public static string Quote(string? text, int maxLength = MaxQuoted)
    {
        if (text is null)
        {
            return "nothing";
        }

        var shown = text.Length > maxLength ? Cut(text, maxLength) : text;
        return $"\"{string.Create(shown.Length, shown, static (to, from) =>
        {
            for (var i = 0; i < to.Length; i++)
            {
                to[i] = char.IsControl(from[i]) ? '?' : from[i];
            }
        })}\"";
    }

    private static string Cut(string text, int length) =>
        string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[length - 1]) ? length - 1 : length), "…");
}
