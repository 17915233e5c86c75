using System.Text.Json;
using System.Text.Json.Serialization;

namespace IrisOperator.Operator.Api.V1Alpha1;

/// <summary>JSON for both kinds.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(IrisTraining))]
[JsonSerializable(typeof(IrisModel))]
public sealed partial class ApiJsonContext : JsonSerializerContext;

/// <summary>Where both kinds live.</summary>
public static class ApiGroup
{
    public const string Name = "iris-operator.dev";

    public const string Version = "v1alpha1";
}

/// <summary>Condition types of both kinds. Ready is normal when True; Reconciling and Stalled are absent when not True.</summary>
public static class ConditionTypes
{
    public const string Ready = "Ready";

    public const string Reconciling = "Reconciling";

    /// <summary>True: nothing will change until somebody acts.</summary>
    public const string Stalled = "Stalled";

    public const string Suspended = "Suspended";

    public const string Complete = "Complete";

    public const string Failed = "Failed";

    public const string QualityGatePassed = "QualityGatePassed";

    /// <summary>The newest accepted model is an image. Only where spec.publish asks for that.</summary>
    public const string Published = "Published";

    /// <summary>The newest image stands on what its base resolves to now. Only where spec.publish.rebase asks for that.</summary>
    public const string Rebased = "Rebased";

    /// <summary>False: the registry could not be asked, or has no such version. What was resolved before stays.</summary>
    public const string VersionResolved = "VersionResolved";

    /// <summary>True: what the range has failed here, and the image before serves.</summary>
    public const string RolledBack = "RolledBack";
}

/// <summary>An image that can be gone back to: latest, ranges and untagged references are refused.</summary>
public sealed record ImageSpec
{
    [Description("Registry and path without a tag, such as registry.example/iris-serving.")]
    [MinLength(1), MaxLength(255)]
    public required string Repository { get; init; }

    [Description("An exact semantic version such as 1.2.3, or a digest sha256:<64 hex digits>. Never latest.")]
    [MaxLength(128)]
    public string? Version { get; init; }
}

/// <summary>Kubernetes quantities by resource name, such as cpu: 500m.</summary>
public sealed record ResourceSpec
{
    [Description("What the scheduler sets aside.")]
    [Quantity, JsonConverter(typeof(NumbersOrStrings))]
    public IReadOnlyDictionary<string, string>? Requests { get; init; }

    [Description("What the container may not exceed.")]
    [Quantity, JsonConverter(typeof(NumbersOrStrings))]
    public IReadOnlyDictionary<string, string>? Limits { get; init; }
}

/// <summary>Values of labels, as Kubernetes takes them.</summary>
internal static class LabelValue
{
    /// <summary>Up to 63 letters, digits, "-", "_" and ".", of which the first and the last are letters or digits; or none.</summary>
    public const string Pattern = "^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$";
}

/// <summary>Reads a number as the text that it was written as.</summary>
internal sealed class NumberOrString : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var value = JsonDocument.ParseValue(ref reader);
        return TextOf(value.RootElement);
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    internal static string TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number => value.GetRawText(),
        var kind => throw new JsonException($"expected a number or a string, found {kind}"),
    };
}

/// <summary>Reads a map whose values may be numbers.</summary>
internal sealed class NumbersOrStrings : JsonConverter<IReadOnlyDictionary<string, string>>
{
    public override IReadOnlyDictionary<string, string> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var map = JsonDocument.ParseValue(ref reader);
        return map.RootElement is { ValueKind: JsonValueKind.Object } members
            ? members.EnumerateObject().ToDictionary(member => member.Name, member => NumberOrString.TextOf(member.Value))
            : throw new JsonException("expected an object");
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyDictionary<string, string> value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (name, text) in value)
        {
            writer.WriteString(name, text);
        }

        writer.WriteEndObject();
    }
}
