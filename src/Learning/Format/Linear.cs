namespace IrisOperator.Learning.Format;

internal static class LinearValidator
{
    public static void Validate(LinearDocument document, Shape shape)
    {
        var margins = document.Weights.Length;
        LinkValidator.Validate("linear", "weights", document.Link, margins, shape);
        Check.NoNulls("linear.weights", document.Weights);
        for (var m = 0; m < margins; m++)
        {
            Check.Numbers($"linear.weights[{m}]", document.Weights[m], shape.Columns);
        }
        Check.Numbers("linear.intercepts", document.Intercepts, margins);
        Check.That((document.Means is null) == (document.Scales is null), "linear", "expected both means and scales, or neither");
        if (document is { Means: { } means, Scales: { } scales })
        {
            Check.Numbers("linear.means", means, shape.Columns);
            Check.Numbers("linear.scales", scales, shape.Columns);
            Check.That(scales.All(scale => scale > 0), "linear.scales", "expected numbers above 0");
        }
    }
}

/// <summary>Which numbers of margins go with which link, and which link with which kind of model.</summary>
internal static class LinkValidator
{
    public static void Validate(string where, string counted, LinkDocument? link, int margins, Shape shape)
    {
        var kind = link?.Kind;
        Check.That(
            kind is null or LinkDocument.Logistic or LinkDocument.Identity,
            $"{where}.link.kind", $"expected {LinkDocument.Logistic} or {LinkDocument.Identity}");
        Check.That(
            kind is LinkDocument.Identity || !shape.IsRegression,
            $"{where}.link", $"expected {LinkDocument.Identity} where there are no classes");

        // A weighted sum may be beyond any bound, and then it is no probability.
        Check.That(kind is not LinkDocument.Identity || shape.IsRegression || where != "linear", $"{where}.link", "expected no classes");
        Check.That(
            margins == shape.Answers || (margins == 1 && shape.Answers == 2 && kind is not null),
            $"{where}.{counted}", $"expected {shape.Answers}, found {margins}");
        foreach (var (name, values) in new[] { ("slopes", link?.Slopes), ("offsets", link?.Offsets) })
        {
            if (values is not null)
            {
                Check.That(kind is LinkDocument.Logistic, $"{where}.link.{name}", $"expected only with {LinkDocument.Logistic}");
                Check.Numbers($"{where}.link.{name}", values, margins);
            }
        }
    }
}
