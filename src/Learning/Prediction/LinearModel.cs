using IrisOperator.Learning.Format;

namespace IrisOperator.Learning.Prediction;

/// <summary>Weighted sums of standardised columns, one margin each, then the link. Sums run in the order of the columns.</summary>
internal sealed class LinearModel : Predictor
{
    private readonly LinearDocument _document;
    private readonly Link _link;

    /// <summary>Takes a document that <see cref="LinearValidator"/> has passed.</summary>
    public LinearModel(LinearDocument document) => (_document, _link) = (document, new Link(document.Link));

    public override void Predict(ReadOnlySpan<double> columns, Span<double> answers)
    {
        using var rented = new WorkArray(columns.Length + _document.Weights.Length);
        var row = rented.Span[..columns.Length];
        var margins = rented.Span[columns.Length..];
        columns.CopyTo(row);
        if (_document is { Means: { } means, Scales: { } scales })
        {
            for (var c = 0; c < row.Length; c++)
            {
                row[c] = (row[c] - means[c]) / scales[c];
            }
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
