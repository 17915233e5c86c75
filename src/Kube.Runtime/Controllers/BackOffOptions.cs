namespace IrisOperator.Kube.Runtime.Controllers;

/// <summary>The delay doubles from the first to the largest and stays there; the number of tries has no limit.</summary>
public sealed record BackOffOptions
{
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>At most 2 minutes, so that no key sleeps through the end of an outage for longer.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Share of the delay that is random: 0.2 spreads 10 s over 8 to 12 s.</summary>
    public double Jitter { get; init; } = 0.2;

    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(FirstDelay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxDelay, FirstDelay);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxDelay, TimeSpan.FromMinutes(2));
        ArgumentOutOfRangeException.ThrowIfNegative(Jitter);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Jitter, 1);
    }
}
