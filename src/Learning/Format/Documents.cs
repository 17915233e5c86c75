using System.Text.Json;
using System.Text.Json.Serialization;

namespace IrisOperator.Learning.Format;

/// <summary>model.json as it stands in the file. The order of the members is the order of the bytes.</summary>
/// <param name="Classes">Empty for a regression.</param>
/// <param name="Trees">Trees of float32; <paramref name="DoubleTrees"/> are those whose thresholds and sums are of float64.</param>
internal sealed record ModelDocument(
    int FormatVersion, string Algorithm, FeatureDocument[] Features, string[] Classes, Dictionary<string, string> Parameters,
    GoldenSampleDocument[] GoldenSamples, TreesDocument<float>? Trees = null, VectorsDocument? Vectors = null,
    TreesDocument<double>? DoubleTrees = null, LinearDocument? Linear = null, GraphDocument? Onnx = null)
{
    /// <summary>Version 1: numbers in, classes in ordinal order out, by float32 trees with softmax or by support vectors.</summary>
    private bool IsPlain =>
        this is { DoubleTrees: null, Linear: null, Onnx: null, Trees: null or { TakesMissing: null, Link: null }, Classes.Length: > 0 }
        && Trees?.Trees is not [{ Covers: not null }, ..]
        && Features.All(feature => feature is { Categories: null, Imputed: null })
        && Classes.Order(StringComparer.Ordinal).SequenceEqual(Classes);

    /// <summary>The version of the format that the content needs, the only one that may stand in the file.</summary>
    [JsonIgnore]
    public int NeededVersion => IsPlain ? 1 : 2;
}

/// <summary>One input. The range is that of the training rows.</summary>
/// <param name="Categories">For a feature that is text: as many columns, 1 in that of the value and 0 in the others.</param>
/// <param name="Imputed">What stands in for a missing value: a number, or the index of a category.</param>
internal sealed record FeatureDocument(string Name, double Min, double Max, string[]? Categories = null, double? Imputed = null)
{
    [JsonIgnore]
    public int Columns => Categories?.Length ?? 1;
}

/// <summary>A row and its recorded answer.</summary>
/// <param name="Data">One number per feature; of a category its index, or -1 if unseen. NaN, null in the file, is a missing value.</param>
/// <param name="Prediction">The index of a class, or the number that a regression answered.</param>
/// <param name="Probabilities">One per class; left out by a regression.</param>
internal sealed record GoldenSampleDocument(
    [property: JsonConverter(typeof(RawRowConverter))] double[] Data, double Prediction, double[]? Probabilities = null);

/// <summary>
/// From the margins of a model to its answers; without it, softmax. Kind "logistic": each margin m of a class gives
/// sigmoid(slope m + offset), and these are divided by their sum; a single margin belongs to the second of two classes.
/// Kind "identity": the margin is the answer of a regression, or of trees the probability of its class, held between 0 and 1; a single
/// one is that of the second of two classes.
/// </summary>
/// <param name="Slopes">One per margin; 1 if left out.</param>
/// <param name="Offsets">One per margin; 0 if left out.</param>
internal sealed record LinkDocument(string Kind, double[]? Slopes = null, double[]? Offsets = null)
{
    public const string Logistic = "logistic";
    public const string Identity = "identity";
}

/// <summary>Margins are intercept + sum over the columns of weight (x - mean) / scale.</summary>
/// <param name="Weights">Per margin one per column.</param>
/// <param name="Means">Per column; with <paramref name="Scales"/> or neither.</param>
internal sealed record LinearDocument(
    double[][] Weights, double[] Intercepts, double[]? Means = null, double[]? Scales = null, LinkDocument? Link = null);

/// <summary>A graph of ONNX that our document has no other word for, run by ONNX Runtime.</summary>
/// <param name="Graph">The bytes of an .onnx file with one input of numbers; base64 in the file.</param>
/// <param name="Output">The value that holds a probability per class, or of the second of two, or the number of a regression.</param>
/// <param name="Order">For each number of the output, which class it is about; left out where that is their order.</param>
internal sealed record GraphDocument(byte[] Graph, string Output, int[]? Order = null);

/// <summary>
/// Strict on purpose: a member that is unknown, missing, null or given twice is an error, so that nothing in a file is
/// ever ignored. No type names, no polymorphism.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(SingleNodeConverter), typeof(DoubleNodeConverter)],
    MaxDepth = 16)]
[JsonSerializable(typeof(ModelDocument))]
[JsonSerializable(typeof(ManifestDocument))]
internal sealed partial class FormatJsonContext : JsonSerializerContext;

/// <summary>Numbers, and NaN as null, which JSON has no literal for.</summary>
internal sealed class RawRowConverter : JsonConverter<double[]>
{
    public override double[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("expected an array of numbers");
        }
        var row = new List<double>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            row.Add(reader.TokenType switch
            {
                JsonTokenType.Null => double.NaN,
                JsonTokenType.Number => reader.GetDouble(),
                _ => throw new JsonException("expected a number or null"),
            });
        }
        return [.. row];
    }

    public override void Write(Utf8JsonWriter writer, double[] value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var number in value)
        {
            if (double.IsNaN(number))
            {
                writer.WriteNullValue();
            }
            else
            {
                writer.WriteNumberValue(number);
            }
        }
        writer.WriteEndArray();
    }
}
