using System.Text.Json.Serialization;

namespace IrisOperator.Operator.Training;

/// <summary>JSON that trainers write.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(TrainerReport))]
internal sealed partial class TrainingJsonContext : JsonSerializerContext;
