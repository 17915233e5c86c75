namespace IrisOperator.Learning.Data;

/// <summary>Numbers row by row, and the class of each row.</summary>
public sealed class LabelledRows(double[] values, int[] labels, int features, int classes)
{
    public int Count => labels.Length;

    public int Features => features;

    /// <summary>How many classes there are in all; some may have no row in a subset.</summary>
    public int Classes => classes;

    /// <summary>All numbers, row after row.</summary>
    public ReadOnlySpan<double> Values => values;

    public ReadOnlySpan<int> Labels => labels;

    public ReadOnlySpan<double> Row(int row) => values.AsSpan(row * features, features);

    /// <summary>The named rows, in the named order.</summary>
    public LabelledRows Take(ReadOnlySpan<int> rows)
    {
        var taken = new double[rows.Length * features];
        var takenLabels = new int[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            Row(rows[i]).CopyTo(taken.AsSpan(i * features));
            takenLabels[i] = labels[rows[i]];
        }
        return new LabelledRows(taken, takenLabels, features, classes);
    }
}
