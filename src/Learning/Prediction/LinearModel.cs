using IrisOperator.Learning.Format;

namespace IrisOperator.Learning.Prediction;

/// <summary>Weighted sums of standardised columns, one margin each, then the link. Sums run in the order of the columns.</summary>
internal sealed class LinearModel : Predictor, IMarginExplainer
{
    private readonly LinearDocument _document;
    private readonly Link _link;

    /// <summary>Takes a document that <see cref="LinearValidator"/> has passed.</summary>
    public LinearModel(LinearDocument document) => (_document, _link) = (document, new Link(document.Link));

    public override IMarginExplainer Explainer => this;

    public int Margins => _document.Weights.Length;

    public long Steps => (long)Margins * _document.Weights[0].Length;

    /// <summary>The base value is the intercept: the margin of a row that is the mean in every column.</summary>
    public void Explain(ReadOnlySpan<double> columns, ReadOnlySpan<int> featureOf, Span<double> contributions)
    {
        var width = contributions.Length / Margins;
        for (var margin = 0; margin < Margins; margin++)
        {
            var own = contributions.Slice(margin * width, width);
            own[0] = _document.Intercepts[margin];
            for (var c = 0; c < columns.Length; c++)
            {
                own[1 + featureOf[c]] += _document.Weights[margin][c] * Standardised(columns[c], c);
            }
        }
    }

    public override void Predict(ReadOnlySpan<double> columns, Span<double> answers)
    {
        using var rented = new WorkArray(columns.Length + _document.Weights.Length);
        var row = rented.Span[..columns.Length];
        var margins = rented.Span[columns.Length..];
        for (var c = 0; c < row.Length; c++)
        {
            row[c] = Standardised(columns[c], c);
        }
        for (var m = 0; m < margins.Length; m++)
        {
            var margin = Margin(m, row);
            // Inputs near the end of the range of double make infinite products, whose difference is not a number. Classes are told
            // apart all the same; a regression has no number to answer.
            margins[m] = _link.IsIdentity ? margin : double.IsNaN(margin) ? 0 : Math.Clamp(margin, double.MinValue, double.MaxValue);
        }
        _link.Apply(margins, answers);
    }

    private double Standardised(double value, int column) =>
        _document is { Means: { } means, Scales: { } scales } ? (value - means[column]) / scales[column] : value;

    private double Margin(int margin, ReadOnlySpan<double> row)
    {
        var sum = _document.Intercepts[margin];
        var weights = _document.Weights[margin];
        for (var c = 0; c < row.Length; c++)
        {
            sum += weights[c] * row[c];
        }
        return sum;
    }
}
