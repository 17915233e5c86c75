using System.Numerics;

namespace IrisOperator.Training.Data;

/// <summary>
/// Rows of numbers, in blocks of about 2 MB, of which all but the last are packed: no row is ever copied to a larger table, and no array
/// is longer than 2^31.
/// </summary>
internal sealed class RowBlocks(int columns)
{
    private const int BlockBytes = 2 * 1024 * 1024;
    private const int FirstRows = 64;

    private readonly List<PackedColumn[]> _packed = [];
    private readonly int _shift = BitOperations.Log2((uint)Math.Max(1, BlockBytes / sizeof(double) / Math.Max(1, columns)));

    // Most tables fit into one block, and do not fill it.
    private double[] _last = [];

    public int Columns => columns;

    public int Count { get; private set; }

    private int RowsOfBlock => 1 << _shift;

    /// <param name="to">As many numbers as there are columns.</param>
    public void CopyTo(int row, Span<double> to)
    {
        var (block, place) = (row >> _shift, row & (RowsOfBlock - 1));
        if (block == _packed.Count)
        {
            _last.AsSpan(place * columns, columns).CopyTo(to);
            return;
        }
        var packed = _packed[block];
        for (var c = 0; c < packed.Length; c++)
        {
            to[c] = packed[c][place];
        }
    }

    /// <summary>Room for a row after the last, which is no row before <see cref="Commit"/>.</summary>
    public Span<double> Next()
    {
        var row = Count & (RowsOfBlock - 1);
        if ((row + 1) * columns > _last.Length)
        {
            Array.Resize(ref _last, Math.Min(Math.Max(2 * row, FirstRows), RowsOfBlock) * columns);
        }
        return _last.AsSpan(row * columns, columns);
    }

    public void Commit()
    {
        Count++;
        if ((Count & (RowsOfBlock - 1)) == 0)
        {
            _packed.Add([.. Enumerable.Range(0, columns).Select(column => PackedColumn.Of(_last, columns, column))]);
        }
    }

    /// <summary>Gives back the memory of all rows before this one; they must not be read again.</summary>
    public void Release(int before)
    {
        if ((before & (RowsOfBlock - 1)) == 0 && before > 0)
        {
            _packed[(before >> _shift) - 1] = [];
        }
    }
}
