using IrisOperator.Learning.Data;

namespace IrisOperator.Learning.Training;

/// <summary>Mean and population standard deviation of each feature; the scale of a constant feature is 1.</summary>
internal sealed record Standardisation(double[] Mean, double[] Scale)
{
    public static Standardisation Of(LabelledRows rows)
    {
        var mean = new double[rows.Features];
        var scale = new double[rows.Features];
        for (var f = 0; f < rows.Features; f++)
        {
            (mean[f], scale[f]) = OfFeature(rows, f);
        }
        return new Standardisation(mean, scale);
    }

    private static (double Mean, double Scale) OfFeature(LabelledRows rows, int f)
    {
        var (mean, variance) = (0.0, 0.0);
        var constant = true;
        for (var r = 0; r < rows.Count; r++)
        {
            mean += rows.Row(r)[f] / rows.Count;
            constant &= rows.Row(r)[f] == rows.Row(0)[f];
        }
        if (constant)
        {
            // The computed mean may be off in the last bit, and a scale of 1e-17 would blow that up to 1.
            return (rows.Row(0)[f], 1);
        }
        for (var r = 0; r < rows.Count; r++)
        {
            var difference = rows.Row(r)[f] - mean;
            variance += difference * difference / rows.Count;
        }
        return (mean, variance > 0 ? Math.Sqrt(variance) : 1);
    }

    /// <summary>Row after row, with the arithmetic of the predictor.</summary>
    public double[] Apply(LabelledRows rows)
    {
        var result = rows.Values.ToArray();
        for (var i = 0; i < result.Length; i++)
        {
            var f = i % rows.Features;
            result[i] = (result[i] - Mean[f]) / Scale[f];
        }
        return result;
    }
}
