namespace IrisOperator.Common;

/// <summary>Exponential back-off: the delay doubles with each failure up to a maximum.</summary>
public readonly record struct Backoff(TimeSpan First, TimeSpan Max)
{
    /// <param name="failures">Before the one that the delay follows: 0 gives <see cref="First"/>.</param>
    public TimeSpan Delay(int failures)
    {
        var seconds = First.TotalSeconds * Math.Pow(2, Math.Min(failures, 60));
        return seconds < Max.TotalSeconds ? TimeSpan.FromSeconds(seconds) : Max;
    }

    /// <summary>Adds up to half of the delay, so that clients that failed at the same moment do not return at the same moment.</summary>
    /// <param name="random">From 0 to below 1.</param>
    public static TimeSpan Spread(TimeSpan delay, double random) => delay * (1 + (random / 2));
}
