using System.Text;

namespace IrisOperator.Kube.Configuration;

/// <summary>
/// The part of YAML that kubectl, kind, k3s, EKS and GKE write: block maps and lists, plain and quoted scalars, block scalars, flow
/// collections. Anchors, aliases, tags and several documents are refused, not guessed at.
/// </summary>
internal sealed class YamlParser : IConfigParser
{
    public ConfigNode Parse(string text) => new Run(text).Parse();

    private sealed class Run(string text)
    {
        private readonly string[] _raw = text.ReplaceLineEndings("\n").Split('\n');
        private int _next;
        private YamlLine? _pending;

        public ConfigNode Parse()
        {
            var node = Peek() is { } first ? Block(first.Indent) : new ConfigNode();
            return Peek() is { } rest ? throw Error(rest.Number, "unexpected indentation") : node;
        }

        private YamlLine? Peek()
        {
            while (_pending is null && _next < _raw.Length)
            {
                _pending = YamlLine.Read(_raw[_next], ++_next);
            }

            return _pending;
        }

        private ConfigNode Block(int indent)
        {
            var line = Peek()!.Value;
            if (line.IsItem)
            {
                return List(indent);
            }

            if (KeyEnd(line.Content) >= 0)
            {
                return Map(indent);
            }

            _pending = null;
            return Scalar(line, line.Content, indent - 1);
        }

        private ConfigNode List(int indent)
        {
            var items = new List<ConfigNode>();
            while (Peek() is { IsItem: true } line && line.Indent == indent)
            {
                var content = line.Content[1..].TrimStart();
                if (content.Length == 0)
                {
                    _pending = null;
                    items.Add(Peek() is { } below && below.Indent > indent ? Block(below.Indent) : new ConfigNode());
                    continue;
                }

                // "- key: value" opens a map whose indentation is the column of the key.
                var column = indent + line.Content.Length - content.Length;
                _pending = new YamlLine(line.Number, column, content);
                items.Add(Block(column));
            }

            return new ConfigNode { Items = items };
        }

        private ConfigNode Map(int indent)
        {
            var map = new Dictionary<string, ConfigNode>(StringComparer.Ordinal);
            while (Peek() is { IsItem: false } line && line.Indent == indent)
            {
                var end = KeyEnd(line.Content);
                if (end < 0)
                {
                    throw Error(line.Number, "expected \"key: value\"");
                }

                var key = YamlScalar.Read(line.Content[..end].TrimEnd(), line.Number).Text ?? "";
                var value = line.Content[(end + 1)..].TrimStart();
                _pending = null;
                if (!map.TryAdd(key, value.Length == 0 ? Below(indent) : Scalar(line, value, indent)))
                {
                    throw Error(line.Number, $"\"{key}\" occurs twice");
                }
            }

            return new ConfigNode { Map = map };
        }

        // A list may stand at the same indentation as its key; anything else must be deeper.
        private ConfigNode Below(int indent) => Peek() switch
        {
            { } line when line.Indent > indent => Block(line.Indent),
            { IsItem: true } line when line.Indent == indent => List(indent),
            _ => new ConfigNode(),
        };

        private ConfigNode Scalar(YamlLine line, string value, int parentIndent)
        {
            if (value[0] is '|' or '>')
            {
                return new ConfigNode { Text = BlockScalar(value, parentIndent, line.Number) };
            }

            // A plain or quoted scalar, or a flow collection, goes on while lines are deeper than the key.
            if (value[0] is '{' or '[')
            {
                while (!YamlFlow.IsBalanced(value) && Peek() is { } more)
                {
                    _pending = null;
                    value = $"{value} {more.Content}";
                }

                return new YamlFlow(value, line.Number).Parse();
            }

            while (Peek() is { } next && next.Indent > parentIndent)
            {
                _pending = null;
                value = $"{value} {next.Content}";
            }

            return YamlScalar.Read(value, line.Number);
        }

        private string BlockScalar(string header, int parentIndent, int number)
        {
            if (header.AsSpan(1).ContainsAnyExcept('-', '+'))
            {
                throw Error(number, "a block scalar with an indentation indicator is not supported");
            }

            var result = new StringBuilder();
            var indent = -1;
            for (; _next < _raw.Length; _next++)
            {
                var depth = _raw[_next].AsSpan().IndexOfAnyExcept(' ');
                if (depth >= 0 && depth <= parentIndent)
                {
                    break;
                }

                indent = indent < 0 && depth >= 0 ? depth : indent;
                result.Append(depth < 0 ? "" : _raw[_next][Math.Min(indent, depth)..]).Append(header[0] == '|' ? '\n' : ' ');
            }

            var text = result.ToString().TrimEnd('\n', ' ');
            return header.Contains('-', StringComparison.Ordinal) ? text : text + "\n";
        }

        // The colon that ends a key: outside quotes, followed by a blank or the end of the line.
        private static int KeyEnd(string content)
        {
            if (content[0] is '{' or '[' or '|' or '>')
            {
                return -1;
            }

            var start = content[0] is '"' or '\'' ? content.IndexOf(content[0], 1) + 1 : 0;
            for (var i = start; i < content.Length; i++)
            {
                if (content[i] == ':' && (i + 1 == content.Length || content[i + 1] == ' '))
                {
                    return i;
                }
            }

            return -1;
        }

        private static FormatException Error(int line, string message) => new($"line {line}: {message}");
    }
}
