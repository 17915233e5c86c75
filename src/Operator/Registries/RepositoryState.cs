using System.Collections.Immutable;

namespace IrisOperator.Operator.Registries;

/// <summary>Views of one repository after the last poll. One loop writes, any thread reads.</summary>
internal sealed class RepositoryState(string repository)
{
    private volatile TaskCompletionSource _trigger = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ImmutableDictionary<string, ImageView> _views = ImmutableDictionary<string, ImageView>.Empty;

    public string Repository { get; } = repository;

    public int Failures { get; private set; }

    public bool Knows(string version) => _views.ContainsKey(version);

    public ImageView View(string version) => _views.GetValueOrDefault(version) ?? ImageView.Pending;

    public IReadOnlyDictionary<string, FoundImage> ByDigest() =>
        _views.Values.Select(view => view.Found).OfType<FoundImage>().DistinctBy(found => found.Digest).ToDictionary(found => found.Digest);

    /// <summary>Ends the wait for the next poll. A trigger during a poll is followed by another poll.</summary>
    public void Trigger() => _trigger.TrySetResult();

    /// <returns>True when triggered, false when the delay is over.</returns>
    public async Task<bool> WaitAsync(TimeSpan delay, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await _trigger.Task.WaitAsync(delay, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return false;
        }

        // A trigger from here on is answered by the poll after the next.
        _trigger = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return true;
    }

    /// <returns>True when a reader would decide otherwise now.</returns>
    public bool Update(IReadOnlyDictionary<string, ImageView> answers)
    {
        Failures = 0;
        return Replace(answers.ToImmutableDictionary(answer => answer.Key, answer => answer.Value.Found is not null
            ? answer.Value
            : answer.Value with
            {
                HasNoMatch = true,
                Problem = new Problem(
                    Reasons.NoMatchingVersion,
                    $"{Repository} has no version that matches \"{answer.Key}\"; "
                    + (answer.Value.PassedOver ?? "tags that are no semantic versions do not count"),
                    RequiresUserAction: true),
            }));
    }

    /// <returns>True when a reader would decide otherwise now.</returns>
    public bool Fail(IEnumerable<string> versions, Problem problem)
    {
        Failures++;
        return Replace(versions.ToImmutableDictionary(
            version => version, version => View(version) with { Problem = problem, HasNoMatch = false }));
    }

    private bool Replace(ImmutableDictionary<string, ImageView> views)
    {
        var changed = views.Any(entry => !entry.Value.Equals(_views.GetValueOrDefault(entry.Key)));
        _views = views;
        return changed;
    }
}
