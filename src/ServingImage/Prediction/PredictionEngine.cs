using System.Buffers;
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
    private readonly bool _isPlain;

    public PredictionEngine(Model model, ServingMetrics metrics)
    {
        _model = model;
        _metrics = metrics;
        _text = new ModelText(model);
        _reader = new PredictionRequestReader(_text);
        _min = [.. model.Features.Select(f => f.Categories is null ? f.Min : double.NegativeInfinity)];
        _max = [.. model.Features.Select(f => f.Categories is null ? f.Max : double.PositiveInfinity)];
        _isPlain = !model.TakesMissing && !_text.HasCategories;
    }

    public PredictionWork NewWork() => new(_model.Features.Count, _model.Answers);

    /// <summary>Null, or what is wrong with the request.</summary>
    public string? Read(in ReadOnlySequence<byte> body, PredictionWork work) => _reader.Read(body, work);

    /// <summary>Answers the rows of the next turn; called until <see cref="PredictionWork.IsDone"/>.</summary>
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
        var turn = work.WantsExplanation is true ? _text.Contributions.RowsPerTurn : RowsPerTurn;
        var end = Math.Min(work.NextRow + turn, work.Rows);
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
        var answers = work.Answers;
        _model.PredictProbabilities(values, answers);
        // The one number of a regression is the most probable of one.
        best = Model.MostProbable(answers);
        if (work.WantsExplanation is true)
        {
            work.Contributions ??= new double[_text.Contributions.Numbers];
            _text.Contributions.Explain(values, work.Contributions);
        }
        if (!AllFinite(answers) || (work.WantsExplanation is true && !AllFinite(work.Contributions)))
        {
            return "the numbers are too large for this model";
        }
        _metrics.Predictions[best].Inc();
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] < _min[i] || values[i] > _max[i])
            {
                _metrics.OutOfRange[i]!.Inc();
            }
        }
        if (!_isPlain)
        {
            CountUnknown(values);
        }
        return null;
    }

    private void CountUnknown(ReadOnlySpan<double> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (double.IsNaN(values[i]))
            {
                _metrics.Missing[i]!.Inc();
            }
            else if (values[i] < 0 && _text.Features[i].Categories is not null)
            {
                _metrics.Unseen[i]!.Inc();
            }
        }
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
        if (_model.IsRegression)
        {
            buffer.Write("{\"prediction\":"u8);
            buffer.WriteNumber(work.Answers[0]);
        }
        else
        {
            buffer.Write(_text.Open[best]);
        }
        if (work.WantsProbabilities is true)
        {
            for (var i = 0; i < work.Answers.Length; i++)
            {
                buffer.Write(_text.ProbabilityKeys[i]);
                buffer.WriteNumber(work.Answers[i]);
            }
            buffer.Write("}"u8);
        }
        if (work.WantsExplanation is true)
        {
            _text.Contributions.Append(buffer, work.Contributions);
        }
        buffer.Write("}"u8);
    }
}
