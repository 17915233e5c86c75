using System.Text.Json;
using IrisOperator.Learning.Format;

namespace IrisOperator.Learning;

/// <summary>What report.json says of a run. A custom trainer may leave out anything but the outcome.</summary>
public sealed record ModelReport
{
    /// <summary>Accepted or Rejected.</summary>
    public required string Outcome { get; init; }

    /// <summary>Why it was rejected.</summary>
    public string? Message { get; init; }

    public string? DatasetDigest { get; init; }

    /// <summary>Of the program that trained.</summary>
    public string? TrainerDigest { get; init; }

    public int? Seed { get; init; }

    /// <summary>Accuracy, macroF1, logLoss, rocAuc, rmse, mae and r2, those that are there.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    public bool IsAccepted => Outcome == Contracts.Outcome.Accepted;

    internal static ModelReport Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            var root = document.RootElement;
            return new ModelReport
            {
                Outcome = Text(root, "outcome") ?? throw new ModelFormatException($"{ModelFile.Report}: it has no outcome"),
                Message = Text(root, "message"),
                DatasetDigest = Text(Member(root, "dataset"), "digest"),
                TrainerDigest = Text(Member(root, "versions"), "trainerDigest"),
                Seed = Member(root, "seed") is { ValueKind: JsonValueKind.Number } seed && seed.TryGetInt32(out var number) ? number : null,
                Metrics = Numbers(Member(root, "metrics"), "accuracy", "macroF1", "logLoss", "rocAuc", "rmse", "mae", "r2"),
            };
        }
        catch (JsonException e)
        {
            throw new ModelFormatException($"{ModelFile.Report}: {ModelReader.OneLine(e.Message)}", e);
        }
    }

    private static JsonElement Member(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) ? value : default;

    private static string? Text(JsonElement parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    private static Dictionary<string, double> Numbers(JsonElement parent, params IEnumerable<string> names)
    {
        var numbers = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (Member(parent, name) is { ValueKind: JsonValueKind.Number } value
                && value.TryGetDouble(out var number) && double.IsFinite(number))
            {
                numbers.Add(name, number);
            }
        }
        return numbers;
    }
}
