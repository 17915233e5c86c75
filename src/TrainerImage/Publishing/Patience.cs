using System.Globalization;
using IrisOperator.Registry;

namespace IrisOperator.TrainerImage.Publishing;

/// <summary>Repeats what may be repeated as long as the registry's problem may pass by itself, and the limit allows.</summary>
/// <remarks>The client repeats single requests within seconds; this is for a registry that is away for minutes.</remarks>
internal sealed class Patience(TimeSpan limit, TimeProvider clock, Func<double> jitter, Action<string> say)
{
    private static readonly TimeSpan _first = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(10);

    /// <summary>Gives up with the last problem, before a pause that would end beyond the limit.</summary>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> attempt, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        for (var failures = 0; ; failures++)
        {
            try
            {
                return await attempt(cancellationToken);
            }
            catch (RegistryException error)
                when (error.IsTransient && Pause(error, failures) is var pause && clock.GetElapsedTime(began) + pause <= limit)
            {
                say(string.Create(CultureInfo.InvariantCulture, $"{error.Message}; again in {pause.TotalSeconds:F1} s"));
                await Task.Delay(pause, clock, cancellationToken);
            }
        }
    }

    // Up to half as long again, for all publishers lost the registry at the same moment; never sooner than it asked for.
    private TimeSpan Pause(RegistryException error, int failures)
    {
        var doubled = _first * Math.Pow(2, Math.Min(failures, 10));
        var own = doubled < _longest ? doubled : _longest;
        return (error.RetryAfter is { } asked && asked > own ? asked : own) * (1 + (jitter() / 2));
    }
}
