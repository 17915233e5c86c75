using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading.Channels;

namespace IrisOperator.Operator.Images;

/// <summary>Polls each repository that a resource follows: one look for all followers, at intervals, and at once when woken.</summary>
/// <remarks>
/// Guarantees: at most two looks a second at a repository, however often it is woken; after a failure the next look is at most
/// <see cref="MaxBackOff"/> away, or <see cref="MaxPatience"/> where the registry asked for more; a repository without followers
/// is forgotten. A reader never waits: it gets what is known, and a pass when that changes.
/// </remarks>
/// <param name="followersOf">The followers of a repository, from a cache.</param>
/// <param name="jitter">Numbers from 0 to below 1.</param>
public sealed partial class RepositoryScanner(
    IImageSource source, Func<string, IReadOnlyList<Follower>> followersOf, ILogger<RepositoryScanner> logger, TimeProvider time,
    Func<double> jitter)
{
    public static readonly TimeSpan MaxBackOff = TimeSpan.FromSeconds(20);

    public static readonly TimeSpan MaxPatience = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan MinSpacing = TimeSpan.FromSeconds(0.5);
    private static readonly Backoff _backOff = new(TimeSpan.FromSeconds(1), MaxBackOff);
    private readonly ConcurrentDictionary<string, RepositoryState> _states = new(StringComparer.Ordinal);
    private readonly Channel<RepositoryState> _begun = Channel.CreateUnbounded<RepositoryState>();
    private Action<Follower> _changed = _ => { };

    /// <param name="changed">Gets the keys of the followers of a kind whose view changed.</param>
    public void Subscribe(string kind, Action<ObjectKey> changed) => _changed += follower =>
    {
        if (follower.Kind == kind)
        {
            changed(follower.Key);
        }
    };

    public ImageView Look(ImageSelection selection)
    {
        if (!_states.TryGetValue(selection.Repository, out var state))
        {
            // The first look, which is about to begin, asks for all versions that are followed.
            return _states.GetOrAdd(selection.Repository, Begin).View(selection.Version);
        }

        if (!state.Knows(selection.Version))
        {
            state.Wake();
        }

        return state.View(selection.Version);
    }

    /// <summary>A registry told that it has something new. Nothing is taken from that but the time to look.</summary>
    /// <param name="path">Of a repository, without its registry.</param>
    /// <returns>False when nobody follows such a repository.</returns>
    public bool Wake(string path)
    {
        var meant = _states.Values
            .Where(state => state.Repository.EndsWith($"/{path}", StringComparison.Ordinal)
                && state.Repository.IndexOf('/', StringComparison.Ordinal) == state.Repository.Length - path.Length - 1)
            .ToList();
        meant.ForEach(state => state.Wake());
        return meant.Count > 0;
    }

    /// <summary>Follows repositories until cancelled. A look that fails is repeated; whatever else is thrown ends all of them.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var loops = new List<Task>();
        try
        {
            await foreach (var state in _begun.Reader.ReadAllAsync(ending.Token))
            {
                loops.RemoveAll(loop => loop.IsCompletedSuccessfully);
                loops.Add(FollowOrEndAsync(state, ending));
            }
        }
        finally
        {
            await Task.WhenAll(loops);
        }
    }

    private RepositoryState Begin(string repository)
    {
        var state = new RepositoryState(repository);
        _begun.Writer.TryWrite(state);
        return state;
    }

    private async Task FollowOrEndAsync(RepositoryState state, CancellationTokenSource ending)
    {
        try
        {
            await FollowAsync(state, ending.Token);
        }
        catch
        {
            await ending.CancelAsync();
            throw;
        }
    }

    private async Task FollowAsync(RepositoryState state, CancellationToken cancellationToken)
    {
        while (followersOf(state.Repository) is { Count: > 0 } followers)
        {
            var pause = await ScanAsync(state, followers, cancellationToken);
            await Task.Delay(MinSpacing, time, cancellationToken);
            await state.WaitAsync(pause - MinSpacing, time, cancellationToken);
        }

        _states.TryRemove(new(state.Repository, state));
        if (followersOf(state.Repository).Count > 0)
        {
            // It came after we had counted, and may have looked before we were gone.
            _states.GetOrAdd(state.Repository, Begin);
        }
    }

    /// <returns>How long to wait for the next look.</returns>
    private async Task<TimeSpan> ScanAsync(RepositoryState state, IReadOnlyList<Follower> followers, CancellationToken cancellationToken)
    {
        var versions = followers.SelectMany(follower => follower.Versions).ToHashSet(StringComparer.Ordinal);
        var interval = followers.Min(follower => follower.Interval);
        bool changed;
        TimeSpan pause;
        try
        {
            changed = state.Learn(await source.LookAsync(state.Repository, versions, state.ByDigest(), cancellationToken));
            pause = interval * (0.9 + (0.2 * jitter()));
        }
        catch (ImageSourceException error)
        {
            changed = state.Fail(versions, error.Problem);
            pause = Longer(_backOff.Delay(state.Failures) * (0.5 + (0.5 * jitter())), error.RetryAfter);
            LogFailed(state.Repository, error.Problem.Reason, error.Problem.Message, pause.TotalSeconds);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            // A bug that one image sets off must not end the looks at its repository.
            changed = state.Fail(versions, ImageProblem.Unexpected(state.Repository, error));
            pause = _backOff.Delay(state.Failures) * (0.5 + (0.5 * jitter()));
            LogCrashed(error, state.Repository, pause.TotalSeconds);
        }

        if (changed)
        {
            LogChanged(state.Repository, followers.Count);
            foreach (var follower in followers)
            {
                _changed(follower);
            }
        }

        return pause;
    }

    private static TimeSpan Longer(TimeSpan one, TimeSpan? other) => other > one ? (other < MaxPatience ? other.Value : MaxPatience) : one;

    [LoggerMessage(Level = LogLevel.Information, Message = "{Repository} has something new for {Followers} followers")]
    private partial void LogChanged(string repository, int followers);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Looking at {Repository} failed, next in {Seconds:0.0} s: {Reason}: {Problem}")]
    private partial void LogFailed(string repository, string reason, string problem, double seconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "Looking at {Repository} failed by a bug, next in {Seconds:0.0} s")]
    private partial void LogCrashed(Exception error, string repository, double seconds);
}

/// <summary>An object that follows a repository.</summary>
/// <param name="Kind">IrisModel or IrisTraining.</param>
/// <param name="Key">Gets a pass when something changes.</param>
/// <param name="Versions">Ranges and exact versions, all valid.</param>
public sealed record Follower(string Kind, ObjectKey Key, IReadOnlyList<string> Versions, TimeSpan Interval);

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

        // A wake-up from here on is answered by the next look.
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
