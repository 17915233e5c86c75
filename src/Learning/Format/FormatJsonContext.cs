using System.Text.Json.Serialization;

namespace IrisOperator.Learning.Format;

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
    MaxDepth = 16)]
[JsonSerializable(typeof(ModelDocument))]
[JsonSerializable(typeof(ManifestDocument))]
internal sealed partial class FormatJsonContext : JsonSerializerContext;
