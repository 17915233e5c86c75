using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace IrisOperator.Kube.Crd;

/// <summary>JSON as YAML and back, by the JSON schema of YAML 1.2 as Kubernetes tools read it.</summary>
/// <remarks>
/// The keys keep their order and the same node gives the same bytes. A string that YAML 1.1 would read as something else is quoted.
/// </remarks>
public static class Yaml
{
    private static readonly HashSet<string> _wordsOfYaml11 =
        new(["y", "n", "yes", "no", "on", "off", "true", "false", "null", "~"], StringComparer.OrdinalIgnoreCase);

    // Members in the order in which the API's own types have them, as controller-gen writes them.
    private static readonly JsonSerializerOptions _models = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <param name="model">A model of KubernetesClient, or a list or dictionary of them.</param>
    public static JsonNode ToJson<T>(T model) => JsonSerializer.SerializeToNode(model, _models)!;

    public static string Write(JsonNode node)
    {
        var writer = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        var emitter = new Emitter(writer, new EmitterSettings(2, int.MaxValue, false, 1024, skipAnchorName: true, indentSequences: true));
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(null, null, isImplicit: true));
        Emit(emitter, node);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return writer.ToString();
    }

    /// <summary>Every document of a stream that is not empty.</summary>
    public static IReadOnlyList<JsonNode> ReadAll(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return [.. stream.Documents.Select(document => Read(document.RootNode)).OfType<JsonNode>()];
    }

    private static JsonNode? Read(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(
            child => KeyValuePair.Create(((YamlScalarNode)child.Key).Value!, Read(child.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Read)]),
        YamlScalarNode { Style: ScalarStyle.Plain } scalar => ReadPlain(scalar.Value ?? ""),
        YamlScalarNode scalar => scalar.Value,
        _ => throw new YamlException(node.Start, node.End, "neither a map, a list nor a scalar"),
    };

    private static JsonNode? ReadPlain(string text) => text switch
    {
        "" or "null" or "~" => null,
        "true" => true,
        "false" => false,
        _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer) => integer,
        _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => number,
        _ => text,
    };

    private static void Emit(IEmitter emitter, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                emitter.Emit(new MappingStart(null, null, true, map.Count == 0 ? MappingStyle.Flow : MappingStyle.Block));
                foreach (var (key, value) in map)
                {
                    EmitText(emitter, key);
                    Emit(emitter, value);
                }

                emitter.Emit(new MappingEnd());
                break;
            case JsonArray list:
                emitter.Emit(new SequenceStart(null, null, true, list.Count == 0 ? SequenceStyle.Flow : SequenceStyle.Block));
                foreach (var item in list)
                {
                    Emit(emitter, item);
                }

                emitter.Emit(new SequenceEnd());
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                EmitText(emitter, value.GetValue<string>());
                break;
            default:
                emitter.Emit(new Scalar(null, null, node?.ToJsonString() ?? "null", ScalarStyle.Plain, true, false));
                break;
        }
    }

    private static void EmitText(IEmitter emitter, string text)
    {
        var style = text.Contains('\n', StringComparison.Ordinal) ? ScalarStyle.Literal
            : IsPlain(text) ? ScalarStyle.Any : ScalarStyle.DoubleQuoted;
        emitter.Emit(new Scalar(null, null, text, style, true, true));
    }

    // YAML 1.1 has octals, sexagesimals, dates and underscored numbers: none of them begins with a letter.
    private static bool IsPlain(string text) =>
        !_wordsOfYaml11.Contains(text)
        && ReadPlain(text)?.GetValueKind() == JsonValueKind.String
        && !char.IsAsciiDigit(text[0]) && text[0] is not ('+' or '-');
}
