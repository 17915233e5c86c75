namespace IrisOperator.Training.Data;

/// <summary>Numbers row by row as an algorithm takes them, and the class or the number to predict for each row.</summary>
/// <remarks>A subset reads the rows of the table that it was taken from; it has no copy of them.</remarks>
public sealed class LabelledRows
{
    private const int RowsAtOnce = 1024;

    private readonly RowBlocks _blocks;
    private readonly int[]? _rows;
    private readonly int[] _labels;
    private readonly double[] _targets;

    internal LabelledRows(RowBlocks blocks, int[] labels, double[] targets, int classes, int[]? rows = null)
    {
        (_blocks, _labels, _targets, _rows) = (blocks, labels, targets, rows);
        Classes = classes;
    }

    public int Count => _rows?.Length ?? _blocks.Count;

    /// <summary>Numbers in a row: encoded columns, of which a text feature has one for each of its categories.</summary>
    public int Features => _blocks.Columns;

    /// <summary>How many classes there are in all; some may have no row in a subset. 0 where a number is to be predicted.</summary>
    public int Classes { get; }

    /// <summary>The class of each row; empty where a number is to be predicted.</summary>
    public ReadOnlySpan<int> Labels => _labels;

    /// <summary>The number to predict for each row; empty where it is a class.</summary>
    public ReadOnlySpan<double> Targets => _targets;

    /// <summary>NaN stands for a missing value.</summary>
    public double[] Row(int row)
    {
        var numbers = new double[Features];
        CopyTo(row, numbers);
        return numbers;
    }

    /// <summary>As <see cref="Row"/>, into memory of the caller.</summary>
    public void CopyTo(int row, Span<double> numbers) => _blocks.CopyTo(_rows is null ? row : _rows[row], numbers);

    /// <summary>The named rows, in the named order.</summary>
    public LabelledRows Take(ReadOnlySpan<int> rows)
    {
        var taken = new int[rows.Length];
        var labels = new int[_labels.Length == 0 ? 0 : rows.Length];
        var targets = new double[_targets.Length == 0 ? 0 : rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            taken[i] = _rows is null ? rows[i] : _rows[rows[i]];
            if (labels.Length > 0)
            {
                labels[i] = _labels[rows[i]];
            }
            if (targets.Length > 0)
            {
                targets[i] = _targets[rows[i]];
            }
        }
        return new LabelledRows(_blocks, labels, targets, Classes, taken);
    }

    /// <summary>All rows, of each the named columns in the named order, as a table of their own.</summary>
    internal LabelledRows Select(ReadOnlySpan<int> columns)
    {
        var selected = new RowBlocks(columns.Length);
        var from = new double[Features];
        for (var row = 0; row < Count; row++)
        {
            CopyTo(row, from);
            var to = selected.Next();
            for (var c = 0; c < columns.Length; c++)
            {
                to[c] = from[columns[c]];
            }
            selected.Commit();
        }
        return new LabelledRows(selected, _labels, _targets, Classes);
    }

    /// <summary>All numbers, row after row, in an array of their own.</summary>
    public double[] ToArray()
    {
        var values = new double[(long)Count * Features];
        for (var row = 0; row < Count; row++)
        {
            CopyTo(row, values.AsSpan(row * Features, Features));
        }
        return values;
    }

    /// <summary>As <see cref="ToArray"/>, rounded to 32 bits.</summary>
    public float[] ToSingles()
    {
        var values = new float[(long)Count * Features];
        CopyTo(values, 0, Count);
        return values;
    }

    /// <summary>Some rows in sequence, row after row, rounded to 32 bits, by all processors.</summary>
    internal void CopyTo(float[] values, int first, int count) => Parallel.For(0, (count + RowsAtOnce - 1) / RowsAtOnce, part =>
    {
        var from = new double[Features];
        for (var row = part * RowsAtOnce; row < Math.Min((part + 1) * RowsAtOnce, count); row++)
        {
            CopyTo(first + row, from);
            var to = values.AsSpan(row * Features, Features);
            for (var f = 0; f < to.Length; f++)
            {
                to[f] = (float)from[f];
            }
        }
    });
}
