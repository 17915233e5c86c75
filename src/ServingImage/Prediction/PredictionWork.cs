using System.Buffers;
using Microsoft.Extensions.ObjectPool;

namespace IrisOperator.ServingImage.Prediction;

/// <summary>What one request needs while it is answered; used again, never shared.</summary>
internal sealed class PredictionWork(int features, int classes)
{
    public PredictionInput Input { get; } = new(features);

    public double[] Probabilities { get; } = new double[classes];

    public ArrayBufferWriter<byte> Buffer { get; } = new();

    public int NextRow { get; set; }

    /// <summary>A whole answer that was made beforehand; null when the answer is in <see cref="Buffer"/>.</summary>
    public byte[]? Ready { get; set; }

    public bool IsDone => NextRow >= Input.Rows;

    public ReadOnlySpan<byte> Answer => Ready ?? Buffer.WrittenSpan;

    public void Clear()
    {
        Input.Clear();
        Buffer.ResetWrittenCount();
        NextRow = 0;
        Ready = null;
    }
}

/// <summary>What a large batch made grow is not kept for the next request.</summary>
internal sealed class PredictionWorkPolicy(PredictionEngine engine) : IPooledObjectPolicy<PredictionWork>
{
    private const int MaxKeptBytes = 256 * 1024;

    public PredictionWork Create() => engine.NewWork();

    public bool Return(PredictionWork obj) => obj.Buffer.Capacity + (obj.Input.Capacity * sizeof(double)) <= MaxKeptBytes;
}
