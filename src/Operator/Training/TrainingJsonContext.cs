using System.Text.Json.Serialization;

namespace IrisOperator.Operator.Training;

/// <summary>JSON that trainers and publishers write.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(TrainerReport))]
[JsonSerializable(typeof(PublishReport))]
[JsonSerializable(typeof(PruneReport))]
internal sealed partial class TrainingJsonContext : JsonSerializerContext;
