using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using IrisOperator.Learning;

namespace IrisOperator.ServingImage.Prediction;

/// <summary>The parts of answers and of error messages that depend on the model alone, made once as UTF-8.</summary>
internal sealed class ModelText
{
    private const int NamesInMessages = 8;

    public ModelText(Model model)
    {
        IsRegression = model.IsRegression;
        Features = [.. model.Features.Select(feature => new FeatureText(feature))];
        HasCategories = Features.Any(feature => feature.Categories is not null);
        var classes = model.Classes.Select(Quoted).ToArray();
        Open = [.. classes.Select((name, i) => Encoding.UTF8.GetBytes($"{{\"name\":{name},\"prediction\":{i}"))];
        ProbabilityKeys = [.. classes.Select((name, i) => Encoding.UTF8.GetBytes((i == 0 ? ",\"probabilities\":{" : ",") + name + ":"))];
        Contributions = new ContributionText(model);
        var names = string.Join(", ", Features.Take(NamesInMessages).Select(feature => feature.Name));
        var kind = HasCategories ? "value" : "number";
        ExpectedRow = Features.Length > NamesInMessages
            ? $"{Features.Length} {kind}s ({names}, …)"
            : $"{Features.Length} {kind}{(Features.Length == 1 ? "" : "s")} ({names})";
    }

    public bool IsRegression { get; }

    public FeatureText[] Features { get; }

    public bool HasCategories { get; }

    /// <summary>"4 numbers (Sepal_Length, …)", or values where some are text.</summary>
    public string ExpectedRow { get; }

    /// <summary>Per class <c>{"name":"setosa","prediction":0</c>.</summary>
    public byte[][] Open { get; }

    /// <summary>Per class <c>,"setosa":</c>; the first also opens the object.</summary>
    public byte[][] ProbabilityKeys { get; }

    public ContributionText Contributions { get; }

    /// <summary>A JSON string, quotes included; only what JSON itself forbids is escaped.</summary>
    public static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}

/// <summary>What a request may hold for one feature.</summary>
internal sealed class FeatureText(Feature feature)
{
    public string Name => feature.Name;

    public bool TakesMissing => feature.TakesMissing;

    /// <summary>Null for a number.</summary>
    public CategoryText? Categories { get; } = feature.Categories is { } categories ? new CategoryText(categories) : null;

    /// <summary>"a number", "a string or null" …</summary>
    public string Expected { get; } =
        (feature.Categories is null ? "a number" : "a string") + (feature.TakesMissing ? " or null" : "");
}

/// <summary>The values of a feature that is text, found without a string for each request.</summary>
internal sealed class CategoryText
{
    private const int MaxStack = 256;

    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _indices;
    private readonly int _maxBytes;

    public CategoryText(IReadOnlyList<string> categories)
    {
        var indices = categories.Index().ToDictionary(one => one.Item, one => one.Index, StringComparer.Ordinal);
        _indices = indices.GetAlternateLookup<ReadOnlySpan<char>>();
        // Each UTF-16 unit may be written as \uxxxx.
        _maxBytes = 6 * categories.Max(category => category.Length);
    }

    /// <param name="index">Of the category, -1 for one that is unknown.</param>
    /// <returns>False if the string is not valid UTF-8, or has half of a surrogate pair.</returns>
    public bool TryFind(ref Utf8JsonReader reader, out int index)
    {
        index = -1;
        var length = reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length;
        if (length > _maxBytes)
        {
            return true;
        }
        var rented = length > MaxStack ? ArrayPool<char>.Shared.Rent((int)length) : null;
        try
        {
            var copy = rented ?? stackalloc char[MaxStack];
            index = _indices.TryGetValue(copy[..reader.CopyString(copy)], out var found) ? found : -1;
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<char>.Shared.Return(rented);
            }
        }
    }
}
