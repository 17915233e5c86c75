using System.Collections.Immutable;

namespace IrisOperator.Operator.Images;

/// <summary>What the last looks at one repository yielded. One loop writes, any thread reads.</summary>
internal sealed class RepositoryState(string repository)
{
    private volatile TaskCompletionSource _wake = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ImmutableDictionary<string, ImageView> _views = ImmutableDictionary<string, ImageView>.Empty;

    public string Repository { get; } = repository;

    public int Failures { get; private set; }

    public bool Knows(string version) => _views.ContainsKey(version);

    public ImageView View(string version) => _views.GetValueOrDefault(version) ?? ImageView.Pending;

    public IReadOnlyDictionary<string, FoundImage> ByDigest() =>
        _views.Values.Select(view => view.Found).OfType<FoundImage>().DistinctBy(found => found.Digest).ToDictionary(found => found.Digest);

    /// <summary>Ends the wait that is going on. One that comes while a look is under way is followed by another look.</summary>
    public void Wake() => _wake.TrySetResult();

    public async Task WaitAsync(TimeSpan delay, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await _wake.Task.WaitAsync(delay, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // The delay is over.
        }

        // Whoever wakes us from here on gets what the look that follows brings.
        _wake = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <returns>True when a reader would decide otherwise now.</returns>
    public bool Learn(IReadOnlyDictionary<string, FoundImage?> answers)
    {
        Failures = 0;
        return Replace(answers.ToImmutableDictionary(answer => answer.Key, answer => answer.Value is { } found
            ? new ImageView(found)
            : new ImageView(null, new ImageProblem(
                ImageProblem.NoMatchingVersion,
                $"{Repository} has no version that matches \"{answer.Key}\"; tags that are no semantic versions do not count",
                NeedsUser: false))));
    }

    /// <returns>True when a reader would decide otherwise now.</returns>
    public bool Fail(IEnumerable<string> versions, ImageProblem problem)
    {
        Failures++;
        return Replace(versions.ToImmutableDictionary(version => version, version => new ImageView(View(version).Found, problem)));
    }

    private bool Replace(ImmutableDictionary<string, ImageView> views)
    {
        var changed = views.Any(entry => !entry.Value.Equals(_views.GetValueOrDefault(entry.Key)));
        _views = views;
        return changed;
    }
}
