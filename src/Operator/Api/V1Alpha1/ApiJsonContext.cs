using System.Text.Json.Serialization;

namespace IrisOperator.Operator.Api.V1Alpha1;

/// <summary>JSON for both kinds.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(IrisTraining))]
[JsonSerializable(typeof(IrisModel))]
public sealed partial class ApiJsonContext : JsonSerializerContext;
