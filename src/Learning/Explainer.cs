using IrisOperator.Learning.Prediction;

namespace IrisOperator.Learning;

/// <summary>How much each feature of a row contributed to its margins, the sums that become probabilities, or to the number.</summary>
/// <remarks>
/// Of trees the Shapley values of TreeSHAP; of a linear model each weight times the distance from the mean of the training rows. A text is
/// one feature: its columns are summed. Guarantees: as those of <see cref="Model"/>.
/// </remarks>
public sealed class Explainer
{
    private readonly Model _model;
    private readonly IMarginExplainer _margins;
    private readonly ColumnEncoding _encoding;

    internal Explainer(Model model, IMarginExplainer margins, ColumnEncoding encoding)
    {
        (_model, _margins, _encoding) = (model, margins, encoding);
        Classes = margins.Margins < model.Classes.Count ? [model.Classes[^1]] : model.Classes;
    }

    /// <summary>
    /// The class of each margin: all, or the second of two where one margin tells them apart. Empty for a regression, which has one.
    /// </summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>How many numbers <see cref="Explain"/> writes for each margin: a base value, and one for each feature.</summary>
    public int Width => 1 + _model.Features.Count;

    public int Margins => _margins.Margins;

    /// <summary>What one row takes, in steps of a few nanoseconds.</summary>
    public long Steps => _margins.Steps;

    /// <summary>
    /// Writes, for each margin, what an unknown row has, then what each feature adds to it: their sum is the margin, but for rounding.
    /// </summary>
    /// <param name="contributions">Room for <see cref="Margins"/> times <see cref="Width"/>.</param>
    /// <exception cref="ArgumentException">As <see cref="Model.PredictProbabilities"/>.</exception>
    public void Explain(ReadOnlySpan<double> features, Span<double> contributions)
    {
        _model.CheckFeatures(features);
        if (contributions.Length != Margins * Width)
        {
            throw new ArgumentException($"expected room for {Margins * Width} numbers, got {contributions.Length}", nameof(contributions));
        }
        contributions.Clear();
        if (_encoding.IsPlain)
        {
            _margins.Explain(features, _encoding.FeatureOf, contributions);
            return;
        }
        using var columns = new WorkArray(_encoding.Columns);
        _encoding.Encode(features, columns.Span);
        _margins.Explain(columns.Span, _encoding.FeatureOf, contributions);
    }
}
