using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using IrisOperator.Learning;

namespace IrisOperator.TrainerImage.Publishing;

/// <summary>What callers of a model rely on: the numbers that they send, in order, and the answers that they may get.</summary>
internal sealed record InputSchema(IReadOnlyList<string> Features, IReadOnlyList<string> Classes)
{
    private const int ShownNames = 10;

    private static readonly InputSchemaJsonContext _readable =
        new(new JsonSerializerOptions(InputSchemaJsonContext.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static InputSchema Of(Model model) => new([.. model.Features.Select(feature => feature.Name)], model.Classes);

    /// <summary>Null for what is none: anybody may have written it.</summary>
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
        string?[] differences = [Difference("feature", Features, before.Features), Difference("class", Classes, before.Classes)];
        return differences.All(one => one is null) ? null : string.Join("; ", differences.OfType<string>());
    }

    private static string? Difference(string kind, IReadOnlyList<string> now, IReadOnlyList<string> before)
    {
        if (now.SequenceEqual(before, StringComparer.Ordinal))
        {
            return null;
        }
        string[] added = [.. now.Except(before, StringComparer.Ordinal)];
        string[] gone = [.. before.Except(now, StringComparer.Ordinal)];
        string?[] parts =
        [
            added.Length == 0 ? null : $"new {kind} {Names(added)}",
            gone.Length == 0 ? null : $"no {kind} {Names(gone)}",
            added.Length + gone.Length > 0 ? null : $"{kind} order {Names(now)} instead of {Names(before)}",
        ];
        return string.Join(", ", parts.OfType<string>());
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
