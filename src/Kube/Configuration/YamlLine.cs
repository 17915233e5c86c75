namespace IrisOperator.Kube.Configuration;

/// <summary>A line that carries content: comment and trailing blanks are gone.</summary>
internal readonly record struct YamlLine(int Number, int Indent, string Content)
{
    public bool IsItem => Content == "-" || Content.StartsWith("- ", StringComparison.Ordinal);

    /// <summary>Null for blank lines, comments and document marks.</summary>
    public static YamlLine? Read(string raw, int number)
    {
        var indent = raw.AsSpan().IndexOfAnyExcept(' ');
        if (indent < 0)
        {
            return null;
        }

        if (raw[indent] == '\t')
        {
            throw new FormatException($"line {number}: indented by a tab");
        }

        var content = raw[indent..CommentStart(raw, indent)].TrimEnd();
        return content.Length == 0 || content is "---" or "..." ? null : new YamlLine(number, indent, content);
    }

    // A # begins a comment only after a blank and outside quotes.
    private static int CommentStart(string raw, int from)
    {
        var quote = '\0';
        for (var i = from; i < raw.Length; i++)
        {
            if (quote == '\0' && raw[i] == '#' && (i == from || raw[i - 1] == ' '))
            {
                return i;
            }

            var doubled = quote == '\'' && raw[i] == '\'' && i + 1 < raw.Length && raw[i + 1] == '\'';
            if (doubled || (quote == '"' && raw[i] == '\\'))
            {
                i++;
            }
            else if (raw[i] == quote)
            {
                quote = '\0';
            }
            else if (quote == '\0' && raw[i] is '"' or '\'' && (i == from || raw[i - 1] is ' ' or '[' or '{' or ','))
            {
                quote = raw[i];
            }
        }

        return raw.Length;
    }
}
