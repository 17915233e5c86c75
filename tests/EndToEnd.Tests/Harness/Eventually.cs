namespace IrisOperator.EndToEnd.Tests.Harness;

/// <summary>Polls the world. Never a fixed wait: what is true is seen within a fifth of a second.</summary>
public static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    /// <summary>Probes until the answer is not null.</summary>
    /// <exception cref="TimeoutException">
    /// The message holds <paramref name="what"/> and what <paramref name="explain"/> says then.
    /// </exception>
    public static async Task<T> GetAsync<T>(
        string what, TimeSpan within, Func<CancellationToken, Task<T?>> probe, Func<CancellationToken, Task<string>>? explain = null)
        where T : class
    {
        var cancellation = TestContext.Current.CancellationToken;
        var clock = TimeProvider.System;
        var began = clock.GetTimestamp();
        while (true)
        {
            if (await probe(cancellation) is { } found)
            {
                return found;
            }

            if (clock.GetElapsedTime(began) > within)
            {
                var seen = explain is null ? "" : "\n" + await explain(cancellation);
                throw new TimeoutException($"not within {within.TotalSeconds} s: {what}{seen}");
            }

            await Task.Delay(Interval, clock, cancellation);
        }
    }

    public static Task TrueAsync(
        string what, TimeSpan within, Func<CancellationToken, Task<bool>> probe, Func<CancellationToken, Task<string>>? explain = null) =>
        GetAsync(what, within, async cancellation => await probe(cancellation) ? "true" : null, explain);

    /// <summary>For "nothing may happen": fails as soon as the probe answers false, and takes the whole time otherwise.</summary>
    public static async Task StaysTrueAsync(string what, TimeSpan during, Func<CancellationToken, Task<bool>> probe)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var clock = TimeProvider.System;
        var began = clock.GetTimestamp();
        while (clock.GetElapsedTime(began) < during)
        {
            Assert.True(await probe(cancellation), $"no longer true after {clock.GetElapsedTime(began).TotalSeconds:0.0} s: {what}");
            await Task.Delay(Interval, clock, cancellation);
        }
    }
}
