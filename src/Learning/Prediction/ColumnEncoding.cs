using IrisOperator.Learning.Format;

namespace IrisOperator.Learning.Prediction;

/// <summary>
/// From the features that a client gives to the columns that a predictor takes. A number is one column, or what is imputed for it where
/// it is missing; a category is a column for each known value, 1 in its own and 0 in the others. One that is unseen, or missing with
/// nothing imputed, is 0 in all.
/// </summary>
internal sealed class ColumnEncoding
{
    private readonly int[] _widths;
    private readonly bool[] _isCategory;
    private readonly double[] _imputed;

    public ColumnEncoding(FeatureDocument[] features)
    {
        _widths = [.. features.Select(feature => feature.Columns)];
        _isCategory = [.. features.Select(feature => feature.Categories is not null)];
        _imputed = [.. features.Select(feature => feature.Imputed ?? double.NaN)];
        Columns = _widths.Sum();
        FeatureOf = new int[Columns];
        for (var (feature, next) = (0, 0); feature < _widths.Length; next += _widths[feature++])
        {
            FeatureOf.AsSpan(next, _widths[feature]).Fill(feature);
        }
        IsPlain = features.All(feature => feature is { Categories: null, Imputed: null });
    }

    public int Columns { get; }

    /// <summary>Of each column, the index of its feature.</summary>
    public int[] FeatureOf { get; }

    /// <summary>Each feature is its column.</summary>
    public bool IsPlain { get; }

    public static bool IsCategory(double value, int categories) => value >= 0 && value < categories && double.IsInteger(value);

    public void Encode(ReadOnlySpan<double> features, Span<double> columns)
    {
        var next = 0;
        for (var f = 0; f < features.Length; f++)
        {
            var value = double.IsNaN(features[f]) ? _imputed[f] : features[f];
            var own = columns.Slice(next, _widths[f]);
            if (!_isCategory[f])
            {
                own[0] = value;
            }
            else
            {
                own.Clear();
                if (IsCategory(value, own.Length))
                {
                    own[(int)value] = 1;
                }
            }
            next += own.Length;
        }
    }
}
