using System.Buffers;

namespace IrisOperator.ServingImage.Prediction;

/// <summary>
/// One decoded request. Lives as long as its connection and is used again for each request; memory beyond a small
/// request goes back to the pool with <see cref="Clear"/>, so that an idle connection holds little.
/// </summary>
internal sealed class PredictionInput(int features)
{
    private readonly double[] _own = new double[Math.Min(features * 2, 256)];
    private double[]? _rented;
    private int _count;

    public int Rows { get; private set; }

    public bool HasData { get; set; }

    public bool IsBatch { get; set; }

    public bool Probabilities { get; set; }

    /// <summary>The row being read, -1 for a single request; with <see cref="Column"/> the place of a syntax error.</summary>
    public int Row { get; set; }

    /// <summary>-1 outside of a row.</summary>
    public int Column { get; set; }

    public ReadOnlySpan<double> Values(int row) => (_rented ?? _own).AsSpan(row * features, features);

    public void Add(double value)
    {
        var array = _rented ?? _own;
        if (_count == array.Length)
        {
            array = Grow(array);
        }
        array[_count++] = value;
    }

    public void EndRow() => Rows++;

    public void Clear()
    {
        if (_rented is { } rented)
        {
            _rented = null;
            ArrayPool<double>.Shared.Return(rented);
        }
        _count = 0;
        Rows = 0;
        HasData = IsBatch = Probabilities = false;
        Row = Column = -1;
    }

    private double[] Grow(double[] array)
    {
        var larger = ArrayPool<double>.Shared.Rent(Math.Max(array.Length * 2, 1024));
        array.AsSpan(0, _count).CopyTo(larger);
        if (_rented is { } rented)
        {
            ArrayPool<double>.Shared.Return(rented);
        }
        return _rented = larger;
    }
}
