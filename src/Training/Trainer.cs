using System.Globalization;
using IrisOperator.Learning.Format;
using IrisOperator.Training.Algorithms;
using IrisOperator.Training.Data;
using IrisOperator.Training.Evaluation;

namespace IrisOperator.Training;

/// <summary>Judges models that did not see the rows they are judged by, then trains on all rows, unless it is told not to.</summary>
/// <remarks>
/// Guarantees: the same data, options and library version give the same bytes, on any machine of one architecture and
/// in any culture; no clock and no path goes into them. Every model that is fitted on the way was compared, row by row,
/// with the native library. The bytes of model.json were read back as a server would.
/// The golden samples are rows of the first fold, or those held out; since the final model is fitted on all rows, the recorded
/// answers are those of the final model, which a server must repeat, not a measure of quality.
/// Caveat: fitting is synchronous and keeps one processor busy, or as many as the algorithm is told to use; cancellation is looked at
/// between rounds or fits.
/// </remarks>
public sealed class Trainer
{
    private const long LargeHeapBytes = 64 << 20;

    private readonly Dataset _dataset;
    private readonly TrainingOptions _options;
    private readonly Algorithm _algorithm;
    private readonly ParameterSet _parameters;
    private readonly RowSplit _split;
    private readonly bool _missing;

    /// <exception cref="InputException">An option is wrong, or does not fit the data.</exception>
    public Trainer(Dataset dataset, TrainingOptions options)
    {
        _dataset = dataset;
        _options = options;
        _algorithm = KnownAlgorithms.Find(options.Algorithm);
        _parameters = _algorithm.Complete(ParameterSet.Resolve(_algorithm, options.Parameters), dataset.Rows);
        if (options.Seed < 0)
        {
            var problem = string.Create(CultureInfo.InvariantCulture, $"seed: expected at least 0, found {options.Seed}");
            throw new InputException(InputProblem.InvalidArgument, problem);
        }
        CheckTask(dataset.Task);
        _missing = dataset.HasMissing;
        if (_missing && !_algorithm.TakesMissing)
        {
            throw InputException.OfDataset($"{dataset.FileName}: a value is missing, and algorithm {_algorithm.Name} takes none");
        }
        _split = RowSplit.Of(dataset, options);
        if (!options.Refits && _split.Count > 1)
        {
            throw new InputException(InputProblem.InvalidArgument, "refit: a model that is not fitted again needs rows that are held out");
        }
    }

    /// <exception cref="Native.NativeLibraryException">The native library is missing or failed.</exception>
    /// <exception cref="PredictorMismatchException">The managed predictor is not to be trusted with this model.</exception>
    public TrainingResult Train(Action<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        Stage[] stages = [.. Stages()];
        var told = new ProgressTeller(progress, stages.Length);
        var heldOut = new HeldOutRows(_dataset, _split, _options.Seed);
        (Model Model, Fit Fit)[] fits = [];
        foreach (var some in stages.Chunk(_algorithm.FitsAtOnce(_parameters)))
        {
            fits = new (Model, Fit)[some.Length];
            SideBySide.Run(some.Length, i => fits[i] = FitChecked(some[i], told, cancellationToken), cancellationToken);
            foreach (var (stage, (fitted, _)) in some.Zip(fits))
            {
                told.End(stage.Name, stage.Part is { } part
                    ? heldOut.Judge(part, fitted, cancellationToken)
                    : string.Create(CultureInfo.InvariantCulture, $"{_dataset.Rows.Count} rows"));
            }
        }
        var (model, fit) = fits[^1];
        var document = Document(LeafCovers.Counted(fit, fit.Rows), GoldenSamples.Record(_dataset, _split.RowsIn(0), model));
        var relied = FeatureImportance.Of(_dataset, heldOut.Importance, fit.Gains);
        return TrainingResult.Of(_dataset, _options, document, heldOut.Metrics, _algorithm.Library, relied, heldOut.Parts);
    }

    /// <summary>What is fitted, one after the other; the last one is the model.</summary>
    private IEnumerable<Stage> Stages()
    {
        for (var part = 0; part < _split.Count; part++)
        {
            var name = _split.Count > 1 ? $"fold {part + 1} of {_split.Count}" : "rows not held out";
            yield return new Stage(name, part);
        }
        if (_options.Refits)
        {
            yield return new Stage("all rows", null);
        }
    }

    private void CheckTask(TableTask task)
    {
        if (!_algorithm.Tasks.Contains(task))
        {
            var others = string.Join(", ", KnownAlgorithms.All.Where(other => other.Tasks.Contains(task)).Select(other => other.Name));
            var problem = $"algorithm {_algorithm.Name} learns no {task.ToString().ToLowerInvariant()}; there are {others}";
            throw new InputException(InputProblem.InvalidParameter, problem);
        }
        if (task == TableTask.Regression && ClassWeight.IsBalanced(_parameters))
        {
            throw new InputException(InputProblem.InvalidParameter, $"parameter \"{ClassWeight.Name}\": a regression has no classes");
        }
        foreach (var requirement in _options.Requirements)
        {
            requirement.CheckTask(task);
        }
    }

    /// <summary>Fits, and compares the managed predictor with the native library on every row that was fitted.</summary>
    private (Model Model, Fit Fit) FitChecked(Stage stage, ProgressTeller told, CancellationToken cancellationToken)
    {
        told.Begin(stage.Name);
        var rows = stage.Part is { } part ? _dataset.Rows.Take(_split.RowsOutside(part)) : _dataset.Rows;
        // A library allocates beside the managed heap, which knows nothing of it and would keep what it has.
        if (GC.GetTotalMemory(forceFullCollection: false) > LargeHeapBytes)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
        var options = new FitOptions(_parameters, _options.Seed, _missing, (round, rounds) => told.Round(stage.Name, round, rounds));
        var fit = _algorithm.Fit(rows, options, cancellationToken);
        // The validation of a loaded model, on a golden sample that is replaced later.
        var model = ModelReader.FromDocument(Document(fit, [GoldenSamples.Placeholder(_dataset)]));
        int[] all = [.. Enumerable.Range(0, fit.Rows.Count)];
        RowAnswers.ForEach(model, fit.Rows, all, (row, answer) => Compare(model, fit, row, answer), cancellationToken);
        // They are as large as the table, and of no more use.
        return (model, fit with { NativeAnswers = default });
    }

    private void Compare(Model model, Fit fit, int row, ReadOnlySpan<double> answer)
    {
        for (var c = 0; c < answer.Length; c++)
        {
            var expected = fit.NativeAnswers[(row * answer.Length) + c];
            if (!(Math.Abs(answer[c] - expected) <= _algorithm.Tolerance * Math.Max(1, Math.Abs(expected))))
            {
                var ofClass = model.IsRegression ? "" : $", class {_dataset.Classes[c]}";
                throw new PredictorMismatchException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"row {row + 1}{ofClass}: {answer[c]:R}, but {_algorithm.Library} gives {expected:R}"));
            }
        }
    }

    private ModelDocument Document(Fit fit, GoldenSampleDocument[] golden)
    {
        var sorted = _parameters.Values.Where(p => _algorithm.IsRecorded(p.Key, _parameters)).OrderBy(p => p.Key, StringComparer.Ordinal);
        var parameters = new Dictionary<string, string>(sorted, StringComparer.Ordinal)
        {
            ["seed"] = _options.Seed.ToString(CultureInfo.InvariantCulture),
        };
        var document = new ModelDocument(
            FormatVersion: 0,
            _algorithm.Name,
            // The ranges are over all rows, also while only some of them are fitted: they are checked, not learned from.
            [.. _dataset.Features.Select(f => new FeatureDocument(f.Name, f.Min, f.Max, f.Categories?.ToArray(), f.Imputed))],
            [.. _dataset.Classes],
            parameters,
            golden,
            fit.Trees,
            fit.Vectors,
            fit.DoubleTrees,
            fit.Linear);
        return document with { FormatVersion = document.NeededVersion };
    }

    /// <param name="Part">Which rows judge what is fitted; null for none.</param>
    private sealed record Stage(string Name, int? Part);
}

/// <summary>The managed predictor and the native library disagree on a training row: a model that must not be written.</summary>
public sealed class PredictorMismatchException(string message) : Exception(message);

/// <summary>How to train. The defaults are those of the trainer program.</summary>
public sealed record TrainingOptions
{
    public string Algorithm { get; init; } = KnownAlgorithms.Default.Name;

    /// <summary>What differs from the algorithm's defaults, as text.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Of the cross-validation, where nothing is held out.</summary>
    public int Folds { get; init; } = 5;

    /// <summary>Share of the rows, above 0 and below 1, that judge one model in place of a cross-validation; null for none.</summary>
    public double? Holdout { get; init; }

    /// <summary>
    /// Whether the model learns from all rows once it is judged; else it is the one that was judged, which has not seen what was held out.
    /// </summary>
    public bool Refits { get; init; } = true;

    /// <summary>From 0 up.</summary>
    public int Seed { get; init; } = 42;

    public IReadOnlyList<Requirement> Requirements { get; init; } = [];

    /// <summary>Version of the trainer, for the report.</summary>
    public string TrainerVersion { get; init; } = "";

    /// <summary>What identifies the program that trains, for the report; null leaves it out. Computed while it trains.</summary>
    public Task<string>? TrainerDigest { get; init; }
}
