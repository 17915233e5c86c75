using System.Text;

namespace IrisOperator.Kube.Configuration;

/// <summary>One scalar on one line (folded lines are joined before).</summary>
internal static class YamlScalar
{
    public static ConfigNode Read(string text, int line) => text switch
    {
        "" or "~" or "null" => new ConfigNode(),
        ['"', ..] => new ConfigNode { Text = DoubleQuoted(text, line) },
        ['\'', ..] => new ConfigNode { Text = SingleQuoted(text, line) },
        ['&' or '*' or '!' or '%' or '@' or '`', ..] =>
            throw new FormatException($"line {line}: anchors, aliases, tags and directives are not supported"),
        _ => new ConfigNode { Text = text },
    };

    private static string SingleQuoted(string text, int line) =>
        text.Length >= 2 && text[^1] == '\''
            ? text[1..^1].Replace("''", "'", StringComparison.Ordinal)
            : throw new FormatException($"line {line}: a quote is not closed");

    private static string DoubleQuoted(string text, int line)
    {
        if (text.Length < 2 || text[^1] != '"')
        {
            throw new FormatException($"line {line}: a quote is not closed");
        }

        var result = new StringBuilder(text.Length);
        for (var i = 1; i < text.Length - 1; i++)
        {
            if (text[i] != '\\')
            {
                result.Append(text[i]);
                continue;
            }

            result.Append(text[++i] switch
            {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                '0' => '\0',
                var plain and ('"' or '\\' or '/' or ' ') => plain,
                'u' when i + 4 < text.Length - 1 => Unicode(text.AsSpan(++i, 4), line, ref i),
                _ => throw new FormatException($"line {line}: unknown escape"),
            });
        }

        return result.ToString();
    }

    private static char Unicode(ReadOnlySpan<char> digits, int line, ref int position)
    {
        position += 3;
        return ushort.TryParse(digits, System.Globalization.NumberStyles.HexNumber, null, out var code)
            ? (char)code
            : throw new FormatException($"line {line}: unknown escape");
    }
}
