using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace IrisOperator.Registry;

/// <summary>A name for a manifest within a repository. A registry may point it elsewhere at any time.</summary>
public sealed record Tag
{
    private const int MaxLength = 128;

    private static readonly SearchValues<char> _allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    private Tag(string text) => Text = text;

    public string Text { get; }

    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out Tag? tag)
    {
        tag = text is { Length: > 0 and <= MaxLength } && text[0] is not ('.' or '-') && !text.AsSpan().ContainsAnyExcept(_allowed)
            ? new Tag(text)
            : null;
        return tag is not null;
    }

    /// <exception cref="FormatException">The text is no tag.</exception>
    public static Tag Parse(string? text) => TryParse(text, out var tag)
        ? tag
        : throw new FormatException(
            $"{Quote(text)} is no tag: expected 1 to {MaxLength} letters, digits, '_', '.' or '-', the first neither '.' nor '-'");

    public override string ToString() => Text;
}
