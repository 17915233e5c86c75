using System.Numerics;

namespace IrisOperator.Training.Data;

/// <summary>
/// Rows of numbers, in blocks of about 2 MB, of which all but the last are packed: no row is ever copied to a larger table, and no array
/// is longer than 2^31.
/// </summary>
/// <remarks>A block is packed while the next one is filled.</remarks>
internal sealed class RowBlocks(int columns)
{
    private const int BlockBytes = 2 * 1024 * 1024;
    private const int FirstRows = 64;

    private static readonly Task<PackedColumn[]> _released = Task.FromResult<PackedColumn[]>([]);

    private readonly int[] _columns = [.. Enumerable.Range(0, columns)];
    private readonly List<Task<PackedColumn[]>> _packed = [];
    private readonly int _shift = BitOperations.Log2((uint)Math.Max(1, BlockBytes / sizeof(double) / Math.Max(1, columns)));

    // Most tables fit into one block, and do not fill it.
    private double[] _last = [];
    private double[] _packing = [];

    public int Columns => columns;

    public int Count { get; private set; }

    private int RowsOfBlock => 1 << _shift;

    public double this[int row, int column]
    {
        get
        {
            var (block, place) = (row >> _shift, row & (RowsOfBlock - 1));
            return block == _packed.Count ? _last[(place * columns) + column] : _packed[block].Result[column][place];
        }
    }

    /// <param name="to">As many numbers as there are columns.</param>
    public void CopyTo(int row, Span<double> to)
    {
        var (block, place) = (row >> _shift, row & (RowsOfBlock - 1));
        if (block == _packed.Count)
        {
            _last.AsSpan(place * columns, columns).CopyTo(to);
            return;
        }
        var packed = _packed[block].Result;
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
            // Two blocks take turns.
            _packed.LastOrDefault()?.Wait();
            (_packing, _last) = (_last, _packing);
            _packed.Add(Task.Run(() => Array.ConvertAll(_columns, column => PackedColumn.Of(_packing, columns, column))));
        }
    }

    /// <summary>Gives back the memory of all rows before this one; they must not be read again.</summary>
    public void Release(int before)
    {
        if ((before & (RowsOfBlock - 1)) == 0 && before > 0)
        {
            _packed[(before >> _shift) - 1] = _released;
        }
    }
}
