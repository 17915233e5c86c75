using IrisOperator.Learning.Format;
using IrisOperator.Learning.Prediction;

namespace IrisOperator.Learning;

/// <summary>
/// A trained classifier or regression, evaluated in managed code alone.
/// </summary>
/// <remarks>
/// A row is given as one number per feature: of a number itself, of a category its index in <see cref="Feature.Categories"/> or -1 for
/// one that is not among them, NaN for what is missing. Inside, categories become columns of zeros and ones.
/// Guarantees: immutable and safe for any number of threads; a prediction allocates nothing, but for large
/// models rents from the array pool.
/// Caveats: a feature outside its trained range is answered, not refused: refusing is the caller's policy.
/// </remarks>
public sealed class Model
{
    /// <summary>
    /// Largest difference of a probability from the recorded one that a golden sample may show; of the number of a regression, that
    /// times its size where that is above 1.
    /// </summary>
    /// <remarks>
    /// exp() may differ in the last bits between C libraries and CPUs (1e-7 in the float32 of the trees); a wrong
    /// tree or vector moves a probability by far more.
    /// </remarks>
    public const double GoldenTolerance = 1e-6;

    private readonly Predictor _predictor;
    private readonly ColumnEncoding _encoding;

    internal Model(ModelDocument document, Predictor predictor)
    {
        _predictor = predictor;
        _encoding = new ColumnEncoding(document.Features);
        Algorithm = document.Algorithm;
        Features =
        [
            .. document.Features.Select(f => new Feature(f.Name, f.Min, f.Max)
            {
                Categories = f.Categories,
                TakesMissing = f.Imputed is not null || predictor.TakesMissing,
            }),
        ];
        TakesMissing = Features.Any(feature => feature.TakesMissing);
        Classes = document.Classes;
        Parameters = document.Parameters;
        Explainer = predictor.Explainer is { } margins ? new Explainer(this, margins, _encoding) : null;
        GoldenSamples = [.. document.GoldenSamples.Select(g => new GoldenSample(g.Data, g.Prediction, g.Probabilities))];
    }

    /// <summary>"xgboost", "svm" …</summary>
    public string Algorithm { get; }

    public IReadOnlyList<Feature> Features { get; }

    /// <summary>
    /// Names of the classes, in the order of their numbers if all are whole numbers, else in ordinal order; the index is the prediction.
    /// Empty for a regression.
    /// </summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Whether the answer is a number and not a class.</summary>
    public bool IsRegression => Classes.Count == 0;

    /// <summary>How many numbers an answer has: a probability per class, or the one number of a regression.</summary>
    public int Answers => IsRegression ? 1 : Classes.Count;

    /// <summary>Length of an encoded row.</summary>
    public int Columns => _encoding.Columns;

    /// <summary>Whether there is a feature that may be missing.</summary>
    public bool TakesMissing { get; }

    /// <summary>What the model was trained with, defaults and seed included.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; }

    public IReadOnlyList<GoldenSample> GoldenSamples { get; }

    /// <summary>Null where the model tells no contributions of features, for the reason in <see cref="Unexplained"/>.</summary>
    public Explainer? Explainer { get; }

    /// <summary>Why there is no <see cref="Explainer"/>, as half a sentence.</summary>
    public string Unexplained => _predictor.Unexplained;

    /// <summary>Writes one probability per class, or the one number of a regression.</summary>
    /// <exception cref="ArgumentException">A length does not fit, or a feature is infinite, or NaN and takes no missing values.</exception>
    public void PredictProbabilities(ReadOnlySpan<double> features, Span<double> probabilities)
    {
        CheckFeatures(features);
        CheckRoom(probabilities.Length, nameof(probabilities));
        if (_encoding.IsPlain)
        {
            _predictor.Predict(features, probabilities);
            return;
        }
        using var columns = new WorkArray(_encoding.Columns);
        _encoding.Encode(features, columns.Span);
        _predictor.Predict(columns.Span, probabilities);
    }

    /// <summary>As <see cref="PredictProbabilities"/>, on rows that are encoded already, one after another: faster for many.</summary>
    /// <exception cref="ArgumentException">A length does not fit, or a column is infinite, or NaN where the model takes no NaN.</exception>
    public void PredictRows(ReadOnlySpan<double> rows, Span<double> answers)
    {
        var count = rows.Length / _encoding.Columns;
        CheckLength(Math.Max(1, count) * _encoding.Columns, rows.Length, nameof(rows));
        CheckLength(count * Answers, answers.Length, nameof(answers));
        foreach (var value in rows)
        {
            if (!double.IsFinite(value) && !(double.IsNaN(value) && _predictor.TakesMissing))
            {
                throw new ArgumentException("expected finite numbers", nameof(rows));
            }
        }
        _predictor.PredictRows(rows, _encoding.Columns, answers);
    }

    /// <summary>The answer to a row: the index of its class, or the number of a regression.</summary>
    /// <exception cref="ArgumentException">As <see cref="PredictProbabilities"/>.</exception>
    public double Answer(ReadOnlySpan<double> features)
    {
        var answers = new double[Answers];
        PredictProbabilities(features, answers);
        return IsRegression ? answers[0] : MostProbable(answers);
    }

    /// <summary>Index into <see cref="Classes"/> of the most probable class; the first of equals.</summary>
    /// <exception cref="ArgumentException">As <see cref="PredictProbabilities"/>.</exception>
    /// <exception cref="InvalidOperationException">A regression has no classes.</exception>
    public int Predict(ReadOnlySpan<double> features) =>
        IsRegression ? throw new InvalidOperationException("a regression has no classes") : (int)Answer(features);

    /// <summary>Index of the largest probability; the first of equals.</summary>
    public static int MostProbable(ReadOnlySpan<double> probabilities)
    {
        var best = 0;
        for (var i = 1; i < probabilities.Length; i++)
        {
            if (probabilities[i] > probabilities[best])
            {
                best = i;
            }
        }
        return best;
    }

    /// <summary>Whether an answer of a regression is the recorded one, but for what golden samples may differ by.</summary>
    public static bool IsClose(double answered, double recorded) =>
        Math.Abs(answered - recorded) <= GoldenTolerance * Math.Max(1, Math.Abs(recorded));

    /// <summary>Answers every golden sample and compares with the recorded answer.</summary>
    /// <exception cref="GoldenSampleMismatchException">The first sample that differs: its number, the class, both values.</exception>
    public void VerifyGoldenSamples()
    {
        var answers = new double[Answers];
        foreach (var (i, sample) in GoldenSamples.Index())
        {
            PredictProbabilities(sample.Data.Span, answers);
            if (IsRegression)
            {
                if (!IsClose(answers[0], sample.Prediction))
                {
                    throw Mismatch(i, $"answered {answers[0]:R}, recorded {sample.Prediction:R}");
                }
                continue;
            }
            VerifyProbabilities(i, sample, answers);
        }
    }

    /// <exception cref="ArgumentException">Not one number per feature, or one that the model does not take.</exception>
    internal void CheckFeatures(ReadOnlySpan<double> features)
    {
        CheckLength(Features.Count, features.Length, nameof(features));
        for (var f = 0; f < features.Length; f++)
        {
            if (!double.IsFinite(features[f]) && !(double.IsNaN(features[f]) && Features[f].TakesMissing))
            {
                throw new ArgumentException("expected finite numbers", nameof(features));
            }
        }
    }

    private void VerifyProbabilities(int i, GoldenSample sample, ReadOnlySpan<double> probabilities)
    {
        var prediction = MostProbable(probabilities);
        if (prediction != sample.Class)
        {
            throw Mismatch(i, $"answered {Classes[prediction]}, recorded {Classes[sample.Class]}");
        }
        for (var c = 0; c < probabilities.Length; c++)
        {
            var recorded = sample.Probabilities.Span[c];
            if (!(Math.Abs(probabilities[c] - recorded) <= GoldenTolerance))
            {
                throw Mismatch(i, $"probability of {Classes[c]} is {probabilities[c]:R}, recorded {recorded:R}");
            }
        }
    }

    private static void CheckLength(int expected, int found, string name)
    {
        if (found != expected)
        {
            throw new ArgumentException($"expected {expected} numbers, got {found}", name);
        }
    }

    private void CheckRoom(int found, string name)
    {
        if (found != Answers)
        {
            throw new ArgumentException($"expected room for {Answers} {(IsRegression ? "number" : "classes")}, got {found}", name);
        }
    }

    private GoldenSampleMismatchException Mismatch(int sample, FormattableString what) =>
        new($"golden sample {sample + 1} of {GoldenSamples.Count}: {FormattableString.Invariant(what)}");
}

/// <summary>One input of a model; the range is that of the rows it was trained on, both ends included.</summary>
public sealed record Feature(string Name, double Min, double Max)
{
    /// <summary>The values of an input that is text; null if it is a number.</summary>
    public IReadOnlyList<string>? Categories { get; init; }

    /// <summary>Whether a row may leave it out.</summary>
    public bool TakesMissing { get; init; }
}

/// <summary>
/// A row of the training file with the answer that the model gave when it was written. A process that loads the
/// model must give the same answer before it may serve: a wrong CPU, a miscompiled predictor or a changed file shows here.
/// </summary>
/// <param name="Data">One number per feature, as a <see cref="Model"/> takes them.</param>
/// <param name="Prediction">Index into <see cref="Model.Classes"/>, or the number of a regression.</param>
/// <param name="Probabilities">One per class; they sum to 1.</param>
public sealed record GoldenSample(ReadOnlyMemory<double> Data, double Prediction, ReadOnlyMemory<double> Probabilities)
{
    /// <summary>Index into <see cref="Model.Classes"/>.</summary>
    public int Class => (int)Prediction;
}

/// <summary>This process answers a golden sample otherwise than the process that wrote the model did.</summary>
public sealed class GoldenSampleMismatchException(string message) : Exception(message);
