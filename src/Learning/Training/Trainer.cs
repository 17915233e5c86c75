using System.Globalization;
using System.Text.Json;
using IrisOperator.Learning.Data;
using IrisOperator.Learning.Evaluation;
using IrisOperator.Learning.Format;

namespace IrisOperator.Learning.Training;

/// <summary>
/// Cross-validates, then trains on all rows.
/// </summary>
/// <remarks>
/// Guarantees: the same data, options and library version give the same bytes, on any machine of one architecture and
/// in any culture; no clock and no path goes into them. Every model that is fitted on the way was compared, row by row,
/// with the native library. The bytes of model.json were read back as a server would.
/// The golden samples are rows of the first fold; since the final model is fitted on all rows, the recorded answers are
/// those of the final model, which a server must repeat, not a measure of quality.
/// Caveat: fitting is synchronous and keeps one core busy; cancellation is looked at between rounds or fits.
/// </remarks>
public sealed class Trainer
{
    private readonly Dataset _dataset;
    private readonly TrainingOptions _options;
    private readonly Algorithm _algorithm;
    private readonly ParameterSet _parameters;
    private readonly StratifiedFolds _folds;

    /// <exception cref="InputException">An option is wrong, or does not fit the data.</exception>
    public Trainer(Dataset dataset, TrainingOptions options)
    {
        _dataset = dataset;
        _options = options;
        _algorithm = Algorithms.Find(options.Algorithm);
        _parameters = _algorithm.Complete(ParameterSet.Resolve(_algorithm, options.Parameters), dataset.FeatureNames.Count);
        if (options.Seed < 0)
        {
            throw new InputException(
                InputProblem.InvalidArgument,
                string.Create(CultureInfo.InvariantCulture, $"seed: expected at least 0, found {options.Seed}"));
        }
        _folds = StratifiedFolds.Deal(dataset, options.Folds, options.Seed);
    }

    /// <exception cref="Native.NativeLibraryException">The native library is missing or failed.</exception>
    /// <exception cref="PredictorMismatchException">The managed predictor is not to be trusted with this model.</exception>
    public TrainingResult Train(Action<string>? progress, CancellationToken cancellationToken)
    {
        var (metrics, accuracies) = CrossValidate(progress, cancellationToken);
        progress?.Invoke($"training on all {_dataset.Rows.Count} rows");
        var (model, fit) = FitChecked(_dataset.Rows, cancellationToken);
        var document = Document(fit, GoldenSamples.Record(_dataset.Rows, _folds.RowsIn(0), model));
        var json = JsonSerializer.SerializeToUtf8Bytes(document, FormatJsonContext.Default.ModelDocument);
        ModelReader.Read(json).VerifyGoldenSamples();
        var rejection = Rejection(metrics);
        return new TrainingResult(
            metrics,
            rejection,
            _algorithm.Name,
            Digest.Of(json).ToString(),
            json,
            ModelText.Write(document, _dataset, metrics),
            ReportDocument.Write(
                new ReportInput(_dataset, _options, document.Parameters, _algorithm.Library, metrics, accuracies, rejection)));
    }

    private (Metrics Metrics, double[] FoldAccuracies) CrossValidate(Action<string>? progress, CancellationToken cancellationToken)
    {
        var rows = _dataset.Rows;
        var probabilities = new double[rows.Count * rows.Classes];
        var accuracies = new double[_folds.Count];
        for (var fold = 0; fold < _folds.Count; fold++)
        {
            var (model, _) = FitChecked(rows.Take(_folds.RowsOutside(fold)), cancellationToken);
            var held = _folds.RowsIn(fold);
            var right = 0;
            foreach (var row in held)
            {
                var answer = probabilities.AsSpan(row * rows.Classes, rows.Classes);
                model.PredictProbabilities(rows.Row(row), answer);
                right += Model.MostProbable(answer) == rows.Labels[row] ? 1 : 0;
            }
            accuracies[fold] = (double)right / held.Length;
            var line = string.Create(CultureInfo.InvariantCulture, $"fold {fold + 1} of {_folds.Count}: accuracy {accuracies[fold]:F4}");
            progress?.Invoke(line);
        }
        return (Metrics.Of(_dataset.Classes, rows.Labels, probabilities), accuracies);
    }

    /// <summary>Fits, and compares the managed predictor with the native library on every row that was fitted.</summary>
    private (Model Model, Fit Fit) FitChecked(LabelledRows rows, CancellationToken cancellationToken)
    {
        var fit = _algorithm.Fit(rows, _parameters, _options.Seed, cancellationToken);
        // The validation of a loaded model, on a golden sample that is replaced later.
        var placeholder = new GoldenSampleDocument(rows.Row(0).ToArray(), 0, [1, .. new double[rows.Classes - 1]]);
        var model = ModelReader.FromDocument(Document(fit, [placeholder]));
        var answer = new double[rows.Classes];
        for (var row = 0; row < rows.Count; row++)
        {
            model.PredictProbabilities(rows.Row(row), answer);
            for (var c = 0; c < answer.Length; c++)
            {
                var expected = fit.NativeProbabilities[(row * answer.Length) + c];
                if (!(Math.Abs(answer[c] - expected) <= _algorithm.Tolerance))
                {
                    throw Mismatch(
                        $"row {row + 1}, class {_dataset.Classes[c]}: {answer[c]:R}, but {_algorithm.Library} gives {expected:R}");
                }
            }
        }
        return (model, fit);
    }

    private static PredictorMismatchException Mismatch(FormattableString message) => new(message.ToString(CultureInfo.InvariantCulture));

    private ModelDocument Document(Fit fit, GoldenSampleDocument[] golden)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in _parameters.Values.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            parameters.Add(name, value);
        }
        parameters.Add("seed", _options.Seed.ToString(CultureInfo.InvariantCulture));
        return new ModelDocument(
            ModelDocument.CurrentVersion,
            _algorithm.Name,
            [.. _dataset.FeatureNames.Select((name, f) => FeatureOf(name, f))],
            [.. _dataset.Classes],
            parameters,
            golden,
            fit.Trees,
            fit.Vectors);
    }

    /// <summary>The range over all rows, also while only some of them are fitted: the range is checked, not learned from.</summary>
    private FeatureDocument FeatureOf(string name, int feature)
    {
        var (min, max) = (double.PositiveInfinity, double.NegativeInfinity);
        for (var row = 0; row < _dataset.Rows.Count; row++)
        {
            min = Math.Min(min, _dataset.Rows.Row(row)[feature]);
            max = Math.Max(max, _dataset.Rows.Row(row)[feature]);
        }
        return new FeatureDocument(name, min, max);
    }

    private string? Rejection(Metrics metrics)
    {
        var unmet = _options.Requirements.Select(r => r.Unmet(metrics)).Where(m => m is not null).ToArray();
        return unmet.Length == 0 ? null : string.Join("; ", unmet);
    }
}
