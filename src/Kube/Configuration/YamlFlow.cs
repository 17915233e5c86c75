namespace IrisOperator.Kube.Configuration;

/// <summary>Flow collections such as <c>[a, "b"]</c> and <c>{name: x}</c>.</summary>
internal sealed class YamlFlow(string text, int line)
{
    private int _at;

    public static bool IsBalanced(string text)
    {
        var depth = 0;
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '"' or '\'':
                    i = QuoteEnd(text, i);
                    break;
                case '{' or '[':
                    depth++;
                    break;
                case '}' or ']':
                    depth--;
                    break;
            }
        }

        return depth == 0;
    }

    public ConfigNode Parse()
    {
        var node = Value(",");
        SkipBlanks();
        return _at == text.Length ? node : throw Error();
    }

    private ConfigNode Value(string ends)
    {
        SkipBlanks();
        return _at == text.Length ? throw Error() : text[_at] switch
        {
            '[' => List(),
            '{' => Map(),
            _ => YamlScalar.Read(Scalar(ends), line),
        };
    }

    private ConfigNode List()
    {
        var items = new List<ConfigNode>();
        _at++;
        while (!Closes(']'))
        {
            items.Add(Value(",]"));
            Separator(']');
        }

        return new ConfigNode { Items = items };
    }

    private ConfigNode Map()
    {
        var map = new Dictionary<string, ConfigNode>(StringComparer.Ordinal);
        _at++;
        while (!Closes('}'))
        {
            var key = YamlScalar.Read(Scalar(":"), line).Text ?? throw Error();
            if (_at == text.Length)
            {
                throw Error();
            }

            _at++;
            map[key] = Value(",}");
            Separator('}');
        }

        return new ConfigNode { Map = map };
    }

    private string Scalar(string ends)
    {
        var start = _at;
        _at = text[_at] is '"' or '\'' ? QuoteEnd(text, _at) + 1 : _at;
        while (_at < text.Length && !ends.Contains(text[_at], StringComparison.Ordinal))
        {
            _at++;
        }

        return text[start.._at].Trim();
    }

    private bool Closes(char end)
    {
        SkipBlanks();
        if (_at == text.Length || text[_at] != end)
        {
            return _at == text.Length ? throw Error() : false;
        }

        _at++;
        return true;
    }

    private void Separator(char end)
    {
        SkipBlanks();
        if (_at < text.Length && text[_at] == ',')
        {
            _at++;
        }
        else if (_at == text.Length || text[_at] != end)
        {
            throw Error();
        }
    }

    private void SkipBlanks()
    {
        while (_at < text.Length && text[_at] == ' ')
        {
            _at++;
        }
    }

    private static int QuoteEnd(string text, int start)
    {
        for (var i = start + 1; i < text.Length; i++)
        {
            if (IsEscape(text, i, text[start]))
            {
                i++;
            }
            else if (text[i] == text[start])
            {
                return i;
            }
        }

        return text.Length - 1;
    }

    private static bool IsEscape(string text, int at, char quote) => quote == '"'
        ? text[at] == '\\'
        : text[at] == '\'' && at + 1 < text.Length && text[at + 1] == '\'';

    private FormatException Error() => new($"line {line}: a flow collection is not well formed");
}
