using IrisOperator.Learning.Format;

namespace IrisOperator.Training.Import.Onnx;

/// <summary>What one number of a graph stands for, as far as our document has a word for it; a value of a graph is a list.</summary>
internal abstract record Term;

/// <summary>A number of the row, perhaps scaled.</summary>
/// <param name="Index">Among the numbers of all inputs of the graph, in order.</param>
/// <param name="IsDouble">Whether it is of float64; it has no scalings then.</param>
/// <param name="Scalings">Applied in turn, in float32: (x - offset) · scale.</param>
internal sealed record ColumnTerm(int Index, bool IsDouble, IReadOnlyList<(float Offset, float Scale)> Scalings) : Term
{
    /// <summary>The number that an operator sees of this one of the row.</summary>
    public float Apply(float value)
    {
        foreach (var (offset, scale) in Scalings)
        {
            value = (value - offset) * scale;
        }
        return value;
    }
}

/// <summary>slope · score + offset.</summary>
internal sealed record MarginTerm(Score Score, double Slope = 1, double Offset = 0) : Term
{
    public MarginTerm Scaled(double factor) => this with { Slope = Slope * factor, Offset = Offset * factor };
}

/// <summary>What is left of 1.</summary>
internal sealed record ComplementTerm(Term Part) : Term;

/// <summary>1 / (1 + exp(-margin)).</summary>
internal sealed record SigmoidTerm(MarginTerm Margin) : Term;

/// <summary>exp(margin), of a softmax that is written out.</summary>
internal sealed record ExponentialTerm(MarginTerm Margin) : Term;

/// <summary>One of the softmax of several margins.</summary>
/// <param name="Group">The same object for all of them.</param>
internal sealed record SoftmaxTerm(MarginTerm Margin, object Group) : Term;

/// <summary>A score of a class that is a probability as it is.</summary>
/// <param name="Group">The same object for all classes.</param>
internal sealed record ProbabilityTerm(MarginTerm Margin, object Group) : Term;

/// <summary>The sum of the parts; with <paramref name="IsGuarded"/>, 1 where that is 0.</summary>
internal sealed record SumTerm(IReadOnlyList<Term> Parts, bool IsGuarded = false) : Term;

/// <summary>Whether the sum is 0, or with <paramref name="IsNegated"/> whether it is not.</summary>
internal sealed record ZeroTestTerm(SumTerm Sum, bool IsNegated) : Term;

/// <summary>The part divided by a sum.</summary>
internal sealed record ShareTerm(Term Part, SumTerm Whole) : Term;

/// <summary>What trees or weights make of a row.</summary>
internal abstract record Score;

/// <summary>A sum of trees.</summary>
/// <param name="IsDouble">Whether thresholds are compared, and leaves summed, in float64; if not, all numbers are of float32.</param>
internal sealed record TreeScore(IReadOnlyList<NodeDocument<double>[]> Trees, bool IsDouble, bool TakesMissing) : Score;

/// <summary>A weighted sum of numbers of the row.</summary>
/// <param name="Weights">By the index of a column.</param>
internal sealed record LinearScore(IReadOnlyDictionary<int, double> Weights, double Intercept) : Score;

/// <summary>The value of a graph: for each row a list of numbers, or something that has no word in our document.</summary>
internal sealed record OnnxTerms(IReadOnlyList<Term> Terms)
{
    /// <summary>Names of the classes that the numbers belong to; null where there are none, empty of a part of the classes.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>Why there are no terms; null where there are, empty of a class's name.</summary>
    public string? Problem { get; init; }

    public static OnnxTerms Unknown(string problem) => new([]) { Problem = problem };

    /// <summary>All terms, if all are of the kind.</summary>
    public IReadOnlyList<T>? All<T>()
        where T : Term =>
        Terms.Count > 0 && Terms.All(term => term is T) ? [.. Terms.Cast<T>()] : null;
}
