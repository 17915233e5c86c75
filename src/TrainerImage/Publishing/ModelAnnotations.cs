using System.Globalization;
using IrisOperator.Learning;

namespace IrisOperator.TrainerImage.Publishing;

/// <summary>The annotations of docs/spec/image.md that follow from the model.</summary>
internal static class ModelAnnotations
{
    public const string ModelDigest = Prefix + "model-digest";
    public const string Schema = Prefix + "schema";
    public const string BaseDigest = BasePrefix + "digest";
    private const string Prefix = "iris-operator.dev/";
    private const string DatasetDigest = Prefix + "dataset-digest";
    private const string TrainerDigest = Prefix + "trainer-digest";
    private const string Seed = Prefix + "seed";
    private const string MetricPrefix = Prefix + "metric.";

    // The appender's.
    private const string BasePrefix = "org.opencontainers.image.base.";

    /// <summary>Whether nobody else may say it.</summary>
    public static bool IsOurs(string name) =>
        name is ModelDigest or DatasetDigest or TrainerDigest or Seed or Schema
        || name.StartsWith(MetricPrefix, StringComparison.Ordinal) || name.StartsWith(BasePrefix, StringComparison.Ordinal);

    public static Dictionary<string, string> Of(ModelContent content, IReadOnlyDictionary<string, string> passed)
    {
        var all = new Dictionary<string, string>(passed, StringComparer.Ordinal)
        {
            [ModelDigest] = content.ModelDigest,
            [Schema] = InputSchema.Of(content.Model).ToJson(),
        };
        var report = content.Report;
        AddDigest(all, DatasetDigest, report.DatasetDigest);
        AddDigest(all, TrainerDigest, report.TrainerDigest);
        if (report.Seed is { } seed)
        {
            all[Seed] = seed.ToString(CultureInfo.InvariantCulture);
        }
        foreach (var (name, value) in report.Metrics)
        {
            all[MetricPrefix + name] = TrainCommand.Text(value);
        }
        return all;
    }

    /// <summary>A report may be somebody else's; what is no digest is not passed on as one.</summary>
    private static void AddDigest(Dictionary<string, string> all, string name, string? text)
    {
        if (Digest.TryParse(text, out var digest))
        {
            all[name] = digest.ToString();
        }
    }
}
