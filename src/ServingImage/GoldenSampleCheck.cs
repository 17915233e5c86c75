using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using IrisOperator.Learning;
using IrisOperator.ServingImage.Prediction;

namespace IrisOperator.ServingImage;

/// <summary>
/// Sends every golden sample of a model through <see cref="PredictionEngine"/> as the bytes of a request and compares the
/// bytes of the answer with what the trainer recorded. A process that has not passed is never ready.
/// </summary>
internal static class GoldenSampleCheck
{
    /// <exception cref="GoldenSampleMismatchException">The first sample that was answered differently.</exception>
    public static void Run(Model model, PredictionEngine engine)
    {
        var work = engine.NewWork();
        for (var i = 0; i < model.GoldenSamples.Count; i++)
        {
            var sample = model.GoldenSamples[i];
            var error = engine.Read(new ReadOnlySequence<byte>(Request(model, sample)), work) ?? engine.Continue(work);
            if ((error ?? Difference(model, sample, work.Answer)) is { } difference)
            {
                throw new GoldenSampleMismatchException($"golden sample {i + 1} of {model.GoldenSamples.Count}: {difference}");
            }
        }
    }

    private static byte[] Request(Model model, GoldenSample sample)
    {
        var values = model.Features.Zip(sample.Data.ToArray(), Value);
        var probabilities = model.IsRegression ? "" : ",\"probabilities\":true";
        return Encoding.UTF8.GetBytes($$"""{"data":[{{string.Join(',', values)}}]{{probabilities}}}""");
    }

    private static string Value(Feature feature, double value) =>
        double.IsNaN(value) ? "null"
        : feature.Categories is not { } categories ? value.ToString("R", CultureInfo.InvariantCulture)
        : ModelText.Quoted(value < 0 ? Unseen(categories) : categories[(int)value]);

    private static string Unseen(IReadOnlyList<string> categories) =>
        Enumerable.Range(0, categories.Count + 1).Select(i => $"unseen {i}").First(text => !categories.Contains(text));

    private static string? Difference(Model model, GoldenSample sample, ReadOnlySpan<byte> answer)
    {
        var reader = new Utf8JsonReader(answer);
        using var document = JsonDocument.ParseValue(ref reader);
        var root = document.RootElement;
        if (model.IsRegression)
        {
            var number = root.GetProperty("prediction").GetDouble();
            return Model.IsClose(number, sample.Prediction) ? null
                : FormattableString.Invariant($"answered {number:R}, recorded {sample.Prediction:R}");
        }
        var name = root.GetProperty("name").GetString();
        if (root.GetProperty("prediction").GetInt32() != sample.Class || name != model.Classes[sample.Class])
        {
            return $"answered {name}, recorded {model.Classes[sample.Class]}";
        }
        var probabilities = root.GetProperty("probabilities");
        for (var i = 0; i < model.Classes.Count; i++)
        {
            var answered = probabilities.GetProperty(model.Classes[i]).GetDouble();
            var recorded = sample.Probabilities.Span[i];
            if (!(Math.Abs(answered - recorded) <= Model.GoldenTolerance))
            {
                return FormattableString.Invariant($"probability of {model.Classes[i]} is {answered:R}, recorded {recorded:R}");
            }
        }
        return null;
    }
}
