namespace IrisOperator.Learning.Prediction;

/// <summary>Splits the margins of a prediction into what each feature contributed.</summary>
internal interface IMarginExplainer
{
    public int Margins { get; }

    /// <summary>Steps of a row, each of a few nanoseconds.</summary>
    public long Steps { get; }

    /// <param name="columns">As the predictor takes them.</param>
    /// <param name="featureOf">Of each column, the index of its feature.</param>
    /// <param name="contributions">All zero at first. Receives for each margin the base value, then one number per feature.</param>
    public void Explain(ReadOnlySpan<double> columns, ReadOnlySpan<int> featureOf, Span<double> contributions);
}
