namespace IrisOperator.ServingImage.Metrics;

/// <summary>Durations in the fixed buckets of <see cref="Bounds"/>.</summary>
internal sealed class DurationHistogram
{
    /// <summary>Upper ends in seconds. A prediction takes microseconds, so the finest bucket is a twentieth of a millisecond.</summary>
    public static readonly double[] Bounds =
    [
        0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5,
    ];

    private readonly StripedCounters _buckets = new(Bounds.Length + 2);
    private readonly long[] _boundTicks = [.. Bounds.Select(b => (long)Math.Round(b * TimeSpan.TicksPerSecond))];

    /// <summary>The sum of durations is kept in the cell after the last bucket, in ticks of 100 ns.</summary>
    private int SumCell => _boundTicks.Length + 1;

    public double SumSeconds => (double)_buckets.Sum(SumCell) / TimeSpan.TicksPerSecond;

    public void Observe(TimeSpan duration)
    {
        var ticks = duration.Ticks;
        var bucket = 0;
        while (bucket < _boundTicks.Length && ticks > _boundTicks[bucket])
        {
            bucket++;
        }
        _buckets.Increment(bucket);
        _buckets.Add(SumCell, ticks);
    }

    /// <summary>Observations in one bucket alone; the one after the last bound takes what is longer.</summary>
    public long InBucket(int bucket) => _buckets.Sum(bucket);
}
