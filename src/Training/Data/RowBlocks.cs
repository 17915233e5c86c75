using System.Numerics;

namespace IrisOperator.Training.Data;

/// <summary>Rows of numbers, in arrays of about 2 MB: no row is ever copied to a larger table, and no array is longer than 2^31.</summary>
internal sealed class RowBlocks(int columns)
{
    private const int BlockBytes = 2 * 1024 * 1024;
    private const int FirstRows = 64;

    private readonly List<double[]> _blocks = [];
    private readonly int _shift = BitOperations.Log2((uint)Math.Max(1, BlockBytes / sizeof(double) / Math.Max(1, columns)));

    public int Columns => columns;

    public int Count { get; private set; }

    private int RowsOfBlock => 1 << _shift;

    public Span<double> Row(int row) => _blocks[row >> _shift].AsSpan((row & (RowsOfBlock - 1)) * columns, columns);

    /// <summary>Room for a row after the last, which is no row before <see cref="Commit"/>.</summary>
    public Span<double> Next()
    {
        var (block, row) = (Count >> _shift, Count & (RowsOfBlock - 1));
        if (block == _blocks.Count)
        {
            // Most tables fit into one block, and do not fill it.
            _blocks.Add(GC.AllocateUninitializedArray<double>((block > 0 ? RowsOfBlock : Math.Min(FirstRows, RowsOfBlock)) * columns));
        }
        if ((row + 1) * columns > _blocks[block].Length)
        {
            var longer = _blocks[block];
            Array.Resize(ref longer, Math.Min(RowsOfBlock, 2 * row) * columns);
            _blocks[block] = longer;
        }
        return _blocks[block].AsSpan(row * columns, columns);
    }

    public void Commit() => Count++;

    /// <summary>Gives back the memory of all rows before this one; they must not be read again.</summary>
    public void Release(int before)
    {
        if ((before & (RowsOfBlock - 1)) == 0 && before > 0)
        {
            _blocks[(before >> _shift) - 1] = [];
        }
    }
}
