using IrisOperator.Learning.Format;
using IrisOperator.Learning.Prediction;

namespace IrisOperator.Learning;

/// <summary>
/// A trained classifier, evaluated in managed code alone.
/// </summary>
/// <remarks>
/// Guarantees: immutable and safe for any number of threads; a prediction allocates nothing, but for large
/// models rents from the array pool.
/// Caveats: a feature outside its trained range is answered, not refused: refusing is the caller's policy.
/// </remarks>
public sealed class Model
{
    /// <summary>Largest difference of a probability from the recorded one that a golden sample may show.</summary>
    /// <remarks>
    /// exp() may differ in the last bits between C libraries and CPUs (1e-7 in the float32 of the trees); a wrong
    /// tree or vector moves a probability by far more.
    /// </remarks>
    public const double GoldenTolerance = 1e-6;

    private readonly Predictor _predictor;

    internal Model(ModelDocument document, Predictor predictor)
    {
        _predictor = predictor;
        Algorithm = document.Algorithm;
        Features = [.. document.Features.Select(f => new Feature(f.Name, f.Min, f.Max))];
        Classes = document.Classes;
        Parameters = document.Parameters;
        GoldenSamples = [.. document.GoldenSamples.Select(g => new GoldenSample(g.Data, g.Prediction, g.Probabilities))];
    }

    /// <summary>"xgboost" or "svm".</summary>
    public string Algorithm { get; }

    public IReadOnlyList<Feature> Features { get; }

    /// <summary>Class names in ordinal order; the index is the prediction number.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>What the model was trained with, defaults and seed included.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; }

    public IReadOnlyList<GoldenSample> GoldenSamples { get; }

    /// <summary>Writes one probability per class.</summary>
    /// <exception cref="ArgumentException">A length does not fit, or a feature is NaN or infinite.</exception>
    public void PredictProbabilities(ReadOnlySpan<double> features, Span<double> probabilities)
    {
        if (features.Length != Features.Count)
        {
            throw new ArgumentException($"expected {Features.Count} numbers, got {features.Length}", nameof(features));
        }
        if (probabilities.Length != Classes.Count)
        {
            throw new ArgumentException($"expected room for {Classes.Count} classes, got {probabilities.Length}", nameof(probabilities));
        }
        foreach (var value in features)
        {
            if (!double.IsFinite(value))
            {
                throw new ArgumentException("expected finite numbers", nameof(features));
            }
        }
        _predictor.PredictProbabilities(features, probabilities);
    }

    /// <summary>Index into <see cref="Classes"/> of the most probable class; the first of equals.</summary>
    /// <exception cref="ArgumentException">As <see cref="PredictProbabilities"/>.</exception>
    public int Predict(ReadOnlySpan<double> features)
    {
        var probabilities = new double[Classes.Count];
        PredictProbabilities(features, probabilities);
        return MostProbable(probabilities);
    }

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

    /// <summary>Answers every golden sample and compares with the recorded answer.</summary>
    /// <exception cref="GoldenSampleMismatchException">The first sample that differs: its number, the class, both values.</exception>
    public void VerifyGoldenSamples()
    {
        var probabilities = new double[Classes.Count];
        foreach (var (i, sample) in GoldenSamples.Index())
        {
            PredictProbabilities(sample.Data.Span, probabilities);
            var prediction = MostProbable(probabilities);
            if (prediction != sample.Prediction)
            {
                throw Mismatch(i, $"answered {Classes[prediction]}, recorded {Classes[sample.Prediction]}");
            }
            for (var c = 0; c < probabilities.Length; c++)
            {
                var recorded = sample.Probabilities.Span[c];
                if (Math.Abs(probabilities[c] - recorded) > GoldenTolerance)
                {
                    throw Mismatch(i, $"probability of {Classes[c]} is {probabilities[c]:R}, recorded {recorded:R}");
                }
            }
        }
    }

    private GoldenSampleMismatchException Mismatch(int sample, FormattableString what) =>
        new($"golden sample {sample + 1} of {GoldenSamples.Count}: {FormattableString.Invariant(what)}");
}

/// <summary>One numeric input of a model; the range is that of the rows it was trained on, both ends included.</summary>
public sealed record Feature(string Name, double Min, double Max);

/// <summary>
/// A row of the training file with the answer that the model gave when it was written. A process that loads the
/// model must give the same answer before it may serve: a wrong CPU, a miscompiled predictor or a changed file shows here.
/// </summary>
/// <param name="Data">One number per feature, in the order of <see cref="Model.Features"/>.</param>
/// <param name="Prediction">Index into <see cref="Model.Classes"/>.</param>
/// <param name="Probabilities">One per class; they sum to 1.</param>
public sealed record GoldenSample(ReadOnlyMemory<double> Data, int Prediction, ReadOnlyMemory<double> Probabilities);

/// <summary>This process answers a golden sample otherwise than the process that wrote the model did.</summary>
public sealed class GoldenSampleMismatchException(string message) : Exception(message);
