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
        FeatureNames = [.. model.Features.Select(f => f.Name)];
        var classes = model.Classes.Select(Quoted).ToArray();
        Open = [.. classes.Select((name, i) => Encoding.UTF8.GetBytes($"{{\"name\":{name},\"prediction\":{i}"))];
        Whole = [.. Open.Select(open => (byte[])[.. open, (byte)'}'])];
        ProbabilityKeys = [.. classes.Select((name, i) => Encoding.UTF8.GetBytes((i == 0 ? ",\"probabilities\":{" : ",") + name + ":"))];
        var names = string.Join(", ", FeatureNames.Take(NamesInMessages));
        ExpectedRow = FeatureNames.Length > NamesInMessages
            ? $"{FeatureNames.Length} numbers ({names}, …)"
            : $"{FeatureNames.Length} {(FeatureNames.Length == 1 ? "number" : "numbers")} ({names})";
    }

    public string[] FeatureNames { get; }

    /// <summary>"4 numbers (Sepal_Length, …)".</summary>
    public string ExpectedRow { get; }

    /// <summary>Per class <c>{"name":"setosa","prediction":0}</c>.</summary>
    public byte[][] Whole { get; }

    /// <summary>Per class <see cref="Whole"/> without its last brace.</summary>
    public byte[][] Open { get; }

    /// <summary>Per class <c>,"setosa":</c>; the first also opens the object.</summary>
    public byte[][] ProbabilityKeys { get; }

    /// <summary>A JSON string, quotes included; only what JSON itself forbids is escaped.</summary>
    public static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
