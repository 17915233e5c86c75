using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.Extensions.ObjectPool;

namespace IrisOperator.ServingImage.Prediction;

/// <summary>One request, decoded, and its answer in the making; used again for others, never shared.</summary>
internal sealed class PredictionWork(int features, int answers)
{
    private readonly List<double> _values = [];
    private bool? _wantsProbabilities;
    private bool? _wantsExplanation;

    public int Rows { get; private set; }

    public bool HasData { get; set; }

    public bool IsBatch { get; set; }

    /// <summary>Null if the request does not say.</summary>
    public ref bool? WantsProbabilities => ref _wantsProbabilities;

    /// <summary>Null if the request does not say.</summary>
    public ref bool? WantsExplanation => ref _wantsExplanation;

    /// <summary>The row being read, -1 for a single request; with <see cref="Column"/> the place of a syntax error.</summary>
    public int Row { get; set; }

    /// <summary>-1 outside of a row.</summary>
    public int Column { get; set; }

    public int NextRow { get; set; }

    public bool IsDone => NextRow >= Rows;

    /// <summary>To the row that was predicted last: probabilities by class, or the number of a regression.</summary>
    public double[] Answers { get; } = new double[answers];

    /// <summary>To the margins of the row that was explained last; null before the first.</summary>
    public double[]? Contributions { get; set; }

    public ArrayBufferWriter<byte> Buffer { get; } = new();

    public ReadOnlySpan<byte> Answer => Buffer.WrittenSpan;

    public int HeldBytes => Buffer.Capacity + ((_values.Capacity + (Contributions?.Length ?? 0)) * sizeof(double));

    public ReadOnlySpan<double> Values(int row) => CollectionsMarshal.AsSpan(_values).Slice(row * features, features);

    public void Add(double value) => _values.Add(value);

    public void EndRow() => Rows++;

    public void Clear()
    {
        _values.Clear();
        Buffer.ResetWrittenCount();
        Rows = NextRow = 0;
        HasData = IsBatch = false;
        WantsProbabilities = WantsExplanation = null;
        Row = Column = -1;
    }
}

/// <summary>What a large batch made grow is not kept for the next request.</summary>
internal sealed class PredictionWorkPolicy(PredictionEngine engine) : IPooledObjectPolicy<PredictionWork>
{
    private const int MaxHeldBytes = 256 * 1024;

    public PredictionWork Create() => engine.NewWork();

    public bool Return(PredictionWork obj) => obj.HeldBytes <= MaxHeldBytes;
}
