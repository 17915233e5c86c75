using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using IrisOperator.Learning;

namespace IrisOperator.ServingImage.Prediction;

/// <summary>
/// Bytes of a request in, bytes of its answer out, with no HTTP: the one way to a prediction, taken by requests and by
/// the check of the golden samples alike.
/// </summary>
/// <remarks>
/// Guarantees: thread-safe; a single prediction allocates nothing. Every error is the client's and comes back as text.
/// </remarks>
internal sealed class PredictionEngine
{
    /// <summary>
    /// Rows after which a batch lets others run. 128 rows of a large model take about a millisecond; a health check
    /// never waits behind more than a few of these.
    /// </summary>
    public const int RowsPerTurn = 128;

    private readonly Model _model;
    private readonly ModelText _text;
    private readonly PredictionRequestReader _reader;
    private readonly ServingMetrics _metrics;
    private readonly double[] _min;
    private readonly double[] _max;

    public PredictionEngine(Model model, ServingMetrics metrics)
    {
        _model = model;
        _metrics = metrics;
        _text = new ModelText(model);
        _reader = new PredictionRequestReader(_text);
        _min = [.. model.Features.Select(f => f.Min)];
        _max = [.. model.Features.Select(f => f.Max)];
    }

    public PredictionWork NewWork() => new(_model.Features.Count, _model.Classes.Count);

    /// <summary>Null, or what is wrong with the request.</summary>
    public string? Read(in ReadOnlySequence<byte> body, PredictionWork work) => _reader.Read(body, work);

    /// <summary>Answers the next <see cref="RowsPerTurn"/> rows; called until <see cref="PredictionWork.IsDone"/>.</summary>
    /// <returns>Null, or what is wrong with the request.</returns>
    public string? Continue(PredictionWork work)
    {
        if (!work.IsBatch)
        {
            return AnswerSingle(work);
        }
        if (work.NextRow == 0)
        {
            work.Buffer.Write("{\"predictions\":["u8);
        }
        var end = Math.Min(work.NextRow + RowsPerTurn, work.Rows);
        for (; work.NextRow < end; work.NextRow++)
        {
            if (work.NextRow > 0)
            {
                work.Buffer.Write(","u8);
            }
            if (Predict(work, out var best) is { } error)
            {
                return $"data[{work.NextRow}]: {error}";
            }
            Append(work, best);
        }
        if (work.IsDone)
        {
            work.Buffer.Write("]}"u8);
        }
        return null;
    }

    private string? AnswerSingle(PredictionWork work)
    {
        if (Predict(work, out var best) is { } error)
        {
            return $"data: {error}";
        }
        Append(work, best);
        work.NextRow = 1;
        return null;
    }

    private string? Predict(PredictionWork work, out int best)
    {
        var values = work.Values(work.NextRow);
        var probabilities = work.Probabilities;
        _model.PredictProbabilities(values, probabilities);
        best = Model.MostProbable(probabilities);
        if (!AllFinite(probabilities))
        {
            return "the numbers are too large for this model";
        }
        _metrics.Predictions[best].Inc();
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] < _min[i] || values[i] > _max[i])
            {
                _metrics.OutOfRange[i].Inc();
            }
        }
        return null;
    }

    /// <summary>JSON has no way to write the others.</summary>
    private static bool AllFinite(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += value * 0;
        }
        return sum == 0;
    }

    private void Append(PredictionWork work, int best)
    {
        var buffer = work.Buffer;
        if (!work.WantsProbabilities)
        {
            buffer.Write(_text.Whole[best]);
            return;
        }
        buffer.Write(_text.Open[best]);
        for (var i = 0; i < work.Probabilities.Length; i++)
        {
            buffer.Write(_text.ProbabilityKeys[i]);
            // The shortest decimal that reads back as the same double; none takes more room than this.
            if (!work.Probabilities[i].TryFormat(buffer.GetSpan(32), out var written, default, CultureInfo.InvariantCulture))
            {
                throw new InvalidOperationException("a double took more room than the longest double");
            }
            buffer.Advance(written);
        }
        buffer.Write("}}"u8);
    }
}

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
