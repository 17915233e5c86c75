using IrisOperator.Operator.Api.V1Alpha1;

namespace IrisOperator.Operator.Images;

/// <summary>Reads the annotations of docs/spec/image.md. Anybody may have written the image: nothing in it is trusted.</summary>
internal static class LineageReader
{
    private const string Prefix = "iris-operator.dev/";
    private const int MaxValue = 512;
    private const int MaxMetrics = 20;

    /// <returns>Null for an image that says nothing of a model.</returns>
    public static ImageLineage? Read(IReadOnlyDictionary<string, string> annotations)
    {
        string? Value(string name) => annotations.TryGetValue(name, out var text) && text.Length is > 0 and <= MaxValue ? text : null;
        return Value(Prefix + "model-digest") is not { } modelDigest ? null : new ImageLineage
        {
            ModelDigest = modelDigest,
            DatasetDigest = Value(Prefix + "dataset-digest"),
            Training = Value(Prefix + "training"),
            TrainingUid = Value(Prefix + "training-uid"),
            Trainer = Value(Prefix + "trainer"),
            TrainerDigest = Value(Prefix + "trainer-digest"),
            Seed = Value(Prefix + "seed"),
            Metrics = Metrics(annotations, Value),
            Base = Value("org.opencontainers.image.base.name"),
            BaseDigest = Value("org.opencontainers.image.base.digest"),
        };
    }

    private static SortedDictionary<string, string>? Metrics(IReadOnlyDictionary<string, string> annotations, Func<string, string?> value)
    {
        const string prefix = Prefix + "metric.";
        var metrics = annotations
            .Where(annotation => annotation.Key.StartsWith(prefix, StringComparison.Ordinal) && value(annotation.Key) is not null)
            .Take(MaxMetrics)
            .ToDictionary(annotation => annotation.Key[prefix.Length..], annotation => value(annotation.Key)!);
        return metrics.Count == 0 ? null : new SortedDictionary<string, string>(metrics, StringComparer.Ordinal);
    }
}
