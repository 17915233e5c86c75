using System.Text.Json.Serialization;
using IrisOperator.Kube;

namespace IrisOperator.Operator.Api.V1Alpha1;

/// <summary>JSON for both kinds, with the options of <see cref="IrisOperator.Kube.Models.KubeJsonContext"/>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Metadata,
    Converters = [typeof(KubeTimeConverter)])]
[JsonSerializable(typeof(IrisTraining))]
[JsonSerializable(typeof(IrisModel))]
public sealed partial class ApiJsonContext : JsonSerializerContext;
