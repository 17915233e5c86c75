using System.Buffers;
using IrisOperator.Learning;
using IrisOperator.ServingImage.Metrics;

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
    public string? Read(in ReadOnlySequence<byte> body, PredictionWork work)
    {
        work.Clear();
        return _reader.Read(body, work.Input);
    }

    /// <summary>Answers the next <see cref="RowsPerTurn"/> rows; called until <see cref="PredictionWork.IsDone"/>.</summary>
    /// <returns>Null, or what is wrong with the request.</returns>
    public string? Continue(PredictionWork work)
    {
        var input = work.Input;
        if (!input.IsBatch)
        {
            return AnswerSingle(work);
        }
        if (work.NextRow == 0)
        {
            work.Buffer.Add("{\"predictions\":["u8);
        }
        var end = Math.Min(work.NextRow + RowsPerTurn, input.Rows);
        for (; work.NextRow < end; work.NextRow++)
        {
            if (work.NextRow > 0)
            {
                work.Buffer.Add((byte)',');
            }
            if (Predict(work, out var best) is { } error)
            {
                return $"data[{work.NextRow}]: {error}";
            }
            Append(work, best);
        }
        if (work.IsDone)
        {
            work.Buffer.Add("]}"u8);
        }
        return null;
    }

    private string? AnswerSingle(PredictionWork work)
    {
        if (Predict(work, out var best) is { } error)
        {
            return $"data: {error}";
        }
        if (work.Input.Probabilities)
        {
            Append(work, best);
        }
        else
        {
            work.Ready = _text.Whole[best];
        }
        work.NextRow = 1;
        return null;
    }

    private string? Predict(PredictionWork work, out int best)
    {
        var values = work.Input.Values(work.NextRow);
        var probabilities = work.Probabilities;
        _model.PredictProbabilities(values, probabilities);
        best = Model.MostProbable(probabilities);
        if (!AllFinite(probabilities))
        {
            return "the numbers are too large for this model";
        }
        _metrics.Predictions.Increment(best);
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] < _min[i] || values[i] > _max[i])
            {
                _metrics.OutOfRange.Increment(i);
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
        if (!work.Input.Probabilities)
        {
            buffer.Add(_text.Whole[best]);
            return;
        }
        buffer.Add(_text.Open[best]);
        for (var i = 0; i < work.Probabilities.Length; i++)
        {
            buffer.Add(_text.ProbabilityKeys[i]);
            buffer.Add(work.Probabilities[i]);
        }
        buffer.Add("}}"u8);
    }
}
