using IrisOperator.Learning.Data;
using IrisOperator.Learning.Format;

namespace IrisOperator.Learning.Training;

/// <summary>
/// One way to learn. A new one is a subclass here, an entry in <see cref="Algorithms"/>, and, if it predicts in a new
/// way, a document and a predictor.
/// </summary>
/// <remarks>Guarantee: the same rows, parameters and seed give the same document, bit for bit, on one version of the library.</remarks>
public abstract class Algorithm
{
    public abstract string Name { get; }

    public abstract IReadOnlyList<ParameterDefinition> Parameters { get; }

    /// <summary>Largest difference of a probability between the native library and the managed predictor.</summary>
    public abstract double Tolerance { get; }

    /// <summary>Name and version of the native library, as far as it tells.</summary>
    /// <exception cref="Native.NativeLibraryException">It is not installed.</exception>
    public abstract string Library { get; }

    /// <summary>Replaces "auto" by what it means for these data.</summary>
    internal virtual ParameterSet Complete(ParameterSet parameters, int features) => parameters;

    internal abstract Fit Fit(LabelledRows rows, ParameterSet parameters, int seed, CancellationToken cancellationToken);
}

/// <summary>The algorithms by name.</summary>
public static class Algorithms
{
    public static IReadOnlyList<Algorithm> All { get; } = [new XGBoostAlgorithm(), new SvmAlgorithm()];

    public static Algorithm Default => All[0];

    /// <exception cref="InputException">No such algorithm; lists those there are.</exception>
    public static Algorithm Find(string name) => All.FirstOrDefault(a => a.Name == name) ?? throw new InputException(
        InputProblem.InvalidParameter, $"no algorithm \"{name}\"; there are {string.Join(", ", All.Select(a => a.Name))}");
}

/// <summary>What an algorithm found: exactly one of the two documents, and the library's own answers on the training rows.</summary>
internal sealed record Fit(TreesDocument? Trees, VectorsDocument? Vectors, double[] NativeProbabilities);
