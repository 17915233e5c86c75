using System.Buffers;

namespace IrisOperator.Learning.Prediction;

/// <summary>A rented array of the wanted length, cleared, given back on dispose.</summary>
internal readonly ref struct WorkArray
{
    private readonly double[] _rented;

    public WorkArray(int length)
    {
        _rented = ArrayPool<double>.Shared.Rent(length);
        Span = _rented.AsSpan(0, length);
        Span.Clear();
    }

    public Span<double> Span { get; }

    public void Dispose() => ArrayPool<double>.Shared.Return(_rented);
}
