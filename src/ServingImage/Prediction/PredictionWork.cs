namespace IrisOperator.ServingImage.Prediction;

/// <summary>What one request needs while it is answered. One per connection, used again; never shared.</summary>
internal sealed class PredictionWork(int features, int classes)
{
    public PredictionInput Input { get; } = new(features);

    public double[] Probabilities { get; } = new double[classes];

    public AnswerBuffer Buffer { get; } = new();

    public int NextRow { get; set; }

    /// <summary>A whole answer that was made beforehand; null when the answer is in <see cref="Buffer"/>.</summary>
    public byte[]? Ready { get; set; }

    public bool IsDone => NextRow >= Input.Rows;

    public ReadOnlySpan<byte> Answer => Ready ?? Buffer.Written;

    public void Clear()
    {
        Input.Clear();
        Buffer.Clear();
        NextRow = 0;
        Ready = null;
    }
}
