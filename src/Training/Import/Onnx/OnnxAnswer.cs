using IrisOperator.Learning.Format;

namespace IrisOperator.Training.Import.Onnx;

/// <summary>What a graph answers, in the terms of our document: margins and the link from them to answers.</summary>
/// <param name="Classes">0 for a regression.</param>
internal sealed record OnnxAnswer(IReadOnlyList<MarginTerm> Margins, int Classes, LinkDocument? Link)
{
    /// <returns>Null if the value is no answer.</returns>
    /// <exception cref="NotInDocumentException">Probabilities that no link of ours gives.</exception>
    public static OnnxAnswer? Of(OnnxTerms value) => value.Terms switch
    {
        [ComplementTerm { Part: var part }, var same] when part == same => Single(part),
        [SigmoidTerm part] => Single(part),
        [SigmoidTerm first, SigmoidTerm second] when IsOpposite(first.Margin, second.Margin) =>
            Logistic([first.Margin, second.Margin]),
        [MarginTerm margin] when value.Labels is null => new OnnxAnswer([margin], 0, new LinkDocument(LinkDocument.Identity)),
        [ShareTerm { Whole: var whole }, ..] when whole.Parts.SequenceEqual(value.All<ShareTerm>()?.Select(share => share.Part) ?? []) =>
            Logistic([.. whole.Parts.Cast<SigmoidTerm>().Select(part => part.Margin)]),
        [SoftmaxTerm { Group: var group }, _, ..] when value.All<SoftmaxTerm>() is { } all && all.All(one => one.Group == group) =>
            new OnnxAnswer([.. all.Select(one => Plain(one.Margin))], all.Count, null),
        [ProbabilityTerm { Group: var group }, _, ..] when value.All<ProbabilityTerm>() is { } all && all.All(one => one.Group == group) =>
            new OnnxAnswer([.. all.Select(one => one.Margin)], all.Count, new LinkDocument(LinkDocument.Identity)),
        [SigmoidTerm or SoftmaxTerm or ProbabilityTerm or ShareTerm or MarginTerm, ..] =>
            throw new NotInDocumentException("its scores are not probabilities that sum to 1"),
        _ => null,
    };

    private static OnnxAnswer? Single(Term positive) => positive switch
    {
        SigmoidTerm sigmoid => new OnnxAnswer([sigmoid.Margin], 2, Affine([sigmoid.Margin])),
        ProbabilityTerm probability => new OnnxAnswer([probability.Margin], 2, new LinkDocument(LinkDocument.Identity)),
        _ => null,
    };

    private static OnnxAnswer Logistic(MarginTerm[] margins) => new(margins, margins.Length, Affine(margins));

    private static LinkDocument Affine(MarginTerm[] margins) => new(
        LinkDocument.Logistic,
        margins.All(margin => margin.Slope == 1) ? null : [.. margins.Select(margin => margin.Slope)],
        margins.All(margin => margin.Offset == 0) ? null : [.. margins.Select(margin => margin.Offset)]);

    private static MarginTerm Plain(MarginTerm margin) => margin is { Slope: 1, Offset: 0 }
        ? margin
        : throw new NotInDocumentException("the scores under a softmax are scaled");

    /// <summary>Then the two sigmoids sum to 1.</summary>
    private static bool IsOpposite(MarginTerm first, MarginTerm second) =>
        first is { Slope: 1, Offset: 0, Score: LinearScore one } && second is { Slope: 1, Offset: 0, Score: LinearScore other }
        && one.Intercept == -other.Intercept
        && one.Weights.All(weight => other.Weights.TryGetValue(weight.Key, out var opposite) && opposite == -weight.Value);
}
