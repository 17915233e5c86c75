using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using static IrisOperator.Contracts.ImageAnnotation;

namespace IrisOperator.TrainerImage.Publishing;

/// <summary>The annotations of docs/spec/image.md that follow from the model.</summary>
internal static class ModelAnnotations
{
    private const string Title = "org.opencontainers.image.title";

    /// <summary>Whether nobody else may say it.</summary>
    public static bool IsOurs(string name) =>
        name is ModelDigest or DatasetDigest or TrainerDigest or Seed or Schema
        || name.StartsWith(MetricPrefix, StringComparison.Ordinal) || name.StartsWith(BasePrefix, StringComparison.Ordinal);

    public static Dictionary<string, string> Of(ModelContent content, IReadOnlyDictionary<string, string> passed)
    {
        var report = content.Report;
        (string Name, string? Value)[] ours =
        [
            (Title, passed.GetValueOrDefault(Title)
                ?? (passed.GetValueOrDefault(ImageAnnotation.Training) is { } training ? $"Model of {training}" : "Model")),
            (ModelDigest, content.ModelDigest), (Schema, InputSchema.Of(content.Model).ToJson()),

            // A custom trainer may have written the report; what is no digest is not passed on as one.
            (DatasetDigest, Digest.TryParse(report.DatasetDigest, out var dataset) ? dataset.ToString() : null),
            (TrainerDigest, Digest.TryParse(report.TrainerDigest, out var trainer) ? trainer.ToString() : null),
            (Seed, report.Seed?.ToString(CultureInfo.InvariantCulture)),
            .. report.Metrics.Select(metric => (MetricPrefix + metric.Key, ModelCommand.Text(metric.Value))),
        ];
        var all = new Dictionary<string, string>(passed, StringComparer.Ordinal);
        foreach (var (name, value) in ours.Where(one => one.Value is not null))
        {
            all[name] = value!;
        }
        return all;
    }
}

/// <summary>What callers of a model rely on: the numbers that they send, in order, and the answers that they may get.</summary>
internal sealed record InputSchema(IReadOnlyList<string> Features, IReadOnlyList<string> Classes)
{
    private const int ShownNames = 10;

    private static readonly InputSchemaJsonContext _readable =
        new(new JsonSerializerOptions(InputSchemaJsonContext.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static InputSchema Of(Model model) => new([.. model.Features.Select(feature => feature.Name)], model.Classes);

    /// <summary>Null for what is none: anyone may have written it.</summary>
    public static InputSchema? Parse(string? json)
    {
        try
        {
            var schema = json is null ? null : JsonSerializer.Deserialize(json, _readable.InputSchema);
            return schema is null || schema.Features.Contains(null!) || schema.Classes.Contains(null!) ? null : schema;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public string ToJson() => JsonSerializer.Serialize(this, _readable.InputSchema);

    /// <summary>How this one differs from what there was; null if it does not.</summary>
    public string? DifferenceFrom(InputSchema before)
    {
        string[] differences =
            [.. Differences("feature", Features, before.Features), .. Differences("class", Classes, before.Classes)];
        return differences.Length == 0 ? null : string.Join("; ", differences);
    }

    private static IEnumerable<string> Differences(string kind, IReadOnlyList<string> now, IReadOnlyList<string> before)
    {
        (string What, string[] Names)[] changes = [("new", [.. now.Except(before)]), ("no", [.. before.Except(now)])];
        var told = string.Join(", ", changes.Where(one => one.Names.Length > 0).Select(one => $"{one.What} {kind} {Names(one.Names)}"));
        return told.Length > 0 ? [told]
            : now.SequenceEqual(before, StringComparer.Ordinal) ? []
            : [$"{kind} order {Names(now)} instead of {Names(before)}"];
    }

    private static string Names(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(ShownNames)) + (names.Count > ShownNames ? $" and {names.Count - ShownNames} more" : "");
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(InputSchema))]
internal sealed partial class InputSchemaJsonContext : JsonSerializerContext;
