namespace IrisOperator.Training.Data;

/// <summary>
/// A table that can be learned from: rows of numbers that are finite (also as float32) or missing, two or more classes with two or more
/// rows each or else a number to predict, distinct column names.
/// </summary>
public sealed record Dataset
{
    /// <summary>The name of the file, or what several are called in messages.</summary>
    public required string FileName { get; init; }

    /// <summary>"sha256:" and the sum of the raw bytes of the file; of several, that of the lines that sha256sum writes of them.</summary>
    public required string Digest { get; init; }

    /// <summary>The column to predict.</summary>
    public required string Target { get; init; }

    /// <summary>In the order of the file.</summary>
    public required IReadOnlyList<FeatureColumn> Features { get; init; }

    /// <summary>
    /// As numbers if all are whole ones, else in ordinal order; a label is an index into this. Empty where a number is predicted.
    /// </summary>
    public required IReadOnlyList<string> Classes { get; init; }

    public TableTask Task => Classes.Count == 0 ? TableTask.Regression : TableTask.Classification;

    /// <summary>Encoded: see <see cref="FeatureColumn"/>.</summary>
    public required LabelledRows Rows { get; init; }

    /// <summary>What decides which rows are held out; null where no column does.</summary>
    public RowMarks? Marks { get; init; }

    /// <summary>What was taken for granted, or left out, when the table was read: a sentence each.</summary>
    public required IReadOnlyList<string> Assumptions { get; init; }

    /// <summary>
    /// The row as a client would give it: a number for each feature, for a text the index of its category; NaN where it is missing.
    /// </summary>
    public double[] Decode(int row) => TableEncoder.Decode(Features, Rows.Row(row));

    /// <summary>Whether a feature has no value in some row, and nothing is imputed for it.</summary>
    public required bool HasMissing { get; init; }

    /// <summary>Which columns of the encoded row belong to each feature.</summary>
    internal (int First, int Width)[] Columns()
    {
        var columns = new (int First, int Width)[Features.Count];
        for (var (f, first) = (0, 0); f < columns.Length; f++)
        {
            columns[f] = (first, Features[f].Categories?.Count ?? 1);
            first += columns[f].Width;
        }

        return columns;
    }

    /// <summary>All rows with some of the features, in any order.</summary>
    /// <param name="features">Indices into <see cref="Features"/>.</param>
    /// <exception cref="InputException">A feature is text.</exception>
    internal Dataset Select(IReadOnlyList<int> features)
    {
        var columns = Columns();
        FeatureColumn[] selected = [.. features.Select(feature => Features[feature])];
        if (selected.FirstOrDefault(feature => feature.Categories is not null) is { } text)
        {
            throw InputException.OfDataset($"{FileName}: column {Values.Show(text.Name)} is text; expected numbers");
        }

        return this with { Features = selected, Rows = Rows.Select([.. features.Select(feature => columns[feature].First)]) };
    }
}

/// <summary>
/// A column to learn from. A number is one column of the encoded row; a text is one for each category, with 1 for the one it is.
/// </summary>
/// <param name="Categories">The values of a text, in the order of its columns; null for a number.</param>
/// <param name="Imputed">What stands for a missing value: a number, or the index of a category; null if nothing does.</param>
/// <param name="Min">The least number, or 0 for a text.</param>
/// <param name="Max">The greatest number, or the last index of a text's categories.</param>
public sealed record FeatureColumn(string Name, IReadOnlyList<string>? Categories, double? Imputed, double Min, double Max);
