using System.Collections.Concurrent;
using System.Threading.Channels;

namespace IrisOperator.Operator.Registries;

/// <summary>Polls each repository that a resource follows: one poll for all subscribers, regularly and when triggered.</summary>
/// <remarks>
/// Guarantees: at most two polls of a repository a second, however often it is triggered; the next poll is at most the shortest interval of
/// the subscribers away, after a transient failure at most <see cref="MaxBackOff"/>, or <see cref="MaxRetryAfter"/> where the registry
/// asked for more; a shorter interval counts within <see cref="IntervalCheck"/>; a repository without subscribers is forgotten. A reader
/// never waits: it gets what is known, and is reconciled when that changes.
/// </remarks>
/// <param name="subscribersOf">The subscribers of a repository, from a cache.</param>
/// <param name="jitter">Numbers from 0 to below 1.</param>
public sealed partial class RepositoryPoller(
    IImageSource source, Func<string, IReadOnlyList<Subscriber>> subscribersOf, ILogger<RepositoryPoller> logger, TimeProvider time,
    Func<double> jitter)
{
    public static readonly TimeSpan MaxBackOff = TimeSpan.FromSeconds(20);

    public static readonly TimeSpan MaxRetryAfter = TimeSpan.FromMinutes(10);

    // As long as the shortest interval that a resource may have.
    public static readonly TimeSpan IntervalCheck = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan _minSpacing = TimeSpan.FromSeconds(0.5);
    private static readonly Backoff _transient = new(TimeSpan.FromSeconds(1), MaxBackOff);

    // Up to the interval: what fails until a user acts is not asked for more often than what works (account lock-out, rate limits).
    private static readonly Backoff _lasting = new(TimeSpan.FromSeconds(1), TimeSpan.MaxValue);
    private readonly ConcurrentDictionary<string, RepositoryState> _states = new(StringComparer.Ordinal);
    private readonly Channel<RepositoryState> _added = Channel.CreateUnbounded<RepositoryState>();
    private Action<Subscriber> _changed = _ => { };

    /// <param name="changed">Gets the keys of the subscribers of a kind whose view changed.</param>
    public void Subscribe(string kind, Action<ObjectKey> changed) => _changed += subscriber =>
    {
        if (subscriber.Kind == kind)
        {
            changed(subscriber.Key);
        }
    };

    public ImageView Observe(ImageSelection selection)
    {
        if (!_states.TryGetValue(selection.Repository, out var state))
        {
            // The first poll, which is about to begin, resolves all versions that are followed.
            return _states.GetOrAdd(selection.Repository, Begin).View(selection.Version);
        }

        if (!state.Knows(selection.Version))
        {
            state.Trigger();
        }

        return state.View(selection.Version);
    }

    /// <summary>Polls a repository at once, for a notification of its registry. Nothing else is taken from the notification.</summary>
    /// <param name="path">Of a repository, without its registry.</param>
    /// <returns>False when no resource follows such a repository.</returns>
    public bool Trigger(string path)
    {
        var meant = _states.Values
            .Where(state => state.Repository.EndsWith($"/{path}", StringComparison.Ordinal)
                && state.Repository.IndexOf('/', StringComparison.Ordinal) == state.Repository.Length - path.Length - 1)
            .ToList();
        meant.ForEach(state => state.Trigger());
        return meant.Count > 0;
    }

    /// <summary>Polls all repositories at once, because credentials have changed.</summary>
    public void TriggerAll()
    {
        foreach (var state in _states.Values)
        {
            state.Trigger();
        }
    }

    /// <summary>
    /// Polls repositories until cancelled. A poll that fails is repeated; an exception outside of a poll ends all of them.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var loops = new List<Task>();
        try
        {
            await foreach (var state in _added.Reader.ReadAllAsync(ending.Token))
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
        _added.Writer.TryWrite(state);
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
        while (subscribersOf(state.Repository) is { Count: > 0 } subscribers)
        {
            var pause = await PollAsync(state, subscribers, cancellationToken);
            var began = time.GetTimestamp();
            await Task.Delay(_minSpacing, time, cancellationToken);
            var triggered = false;
            while (!triggered && Left() is var left && left > TimeSpan.Zero)
            {
                triggered = await state.WaitAsync(left < IntervalCheck ? left : IntervalCheck, time, cancellationToken);
            }

            TimeSpan Left() => pause.For(IntervalOf(subscribersOf(state.Repository))) - time.GetElapsedTime(began);
        }

        _states.TryRemove(new(state.Repository, state));
        if (subscribersOf(state.Repository).Count > 0)
        {
            // A subscriber came after the count, and may have observed this state before it was removed.
            _states.GetOrAdd(state.Repository, Begin);
        }
    }

    private static TimeSpan IntervalOf(IReadOnlyList<Subscriber> subscribers) =>
        subscribers.Select(subscriber => subscriber.Interval).DefaultIfEmpty(TimeSpan.Zero).Min();

    private async Task<Pause> PollAsync(RepositoryState state, IReadOnlyList<Subscriber> subscribers, CancellationToken cancellationToken)
    {
        var versions = subscribers.SelectMany(subscriber => subscriber.Versions).ToHashSet(StringComparer.Ordinal);
        bool changed;
        var pause = new Pause(TimeSpan.MaxValue, null, jitter());
        try
        {
            changed = state.Update(await source.GetVersionsAsync(state.Repository, versions, state.ByDigest(), cancellationToken));
        }
        catch (ImageSourceException error)
        {
            changed = state.Fail(versions, error.Problem);
            pause = pause with
            {
                BackOff = (error.IsTransient ? _transient : _lasting).Delay(state.Failures),
                RetryAfter = error.RetryAfter,
            };
            LogFailed(state.Repository, error.Problem.Reason, error.Problem.Message, pause.For(IntervalOf(subscribers)).TotalSeconds);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            // A bug that one image triggers must not end the polling of its repository.
            changed = state.Fail(versions, new Problem(
                Reasons.PollFailed,
                $"polling {state.Repository} failed with {error.GetType().Name}; the log of the operator has more",
                RequiresUserAction: false));
            pause = pause with { BackOff = _lasting.Delay(state.Failures) };
            LogCrashed(error, state.Repository, pause.For(IntervalOf(subscribers)).TotalSeconds);
        }

        if (changed)
        {
            LogChanged(state.Repository, subscribers.Count);
            foreach (var subscriber in subscribers)
            {
                _changed(subscriber);
            }
        }

        return pause;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Repository} changed; notifying {Subscribers} resources")]
    private partial void LogChanged(string repository, int subscribers);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Polling {Repository} failed, next poll in {Seconds:0.0} s: {Reason}: {Problem}")]
    private partial void LogFailed(string repository, string reason, string problem, double seconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "Polling {Repository} failed by a bug, next poll in {Seconds:0.0} s")]
    private partial void LogCrashed(Exception error, string repository, double seconds);
}

/// <summary>The wait after a poll.</summary>
/// <param name="BackOff">After a failure; <see cref="TimeSpan.MaxValue"/> after a success.</param>
/// <param name="RetryAfter">What the registry asked for.</param>
/// <param name="Random">From 0 to below 1.</param>
internal readonly record struct Pause(TimeSpan BackOff, TimeSpan? RetryAfter, double Random)
{
    /// <param name="interval">The shortest of the subscribers; zero without subscribers.</param>
    public TimeSpan For(TimeSpan interval)
    {
        var (regular, afterFailure) = (interval * (0.9 + (0.2 * Random)), BackOff * (0.5 + (0.5 * Random)));
        var own = afterFailure < regular ? afterFailure : regular;
        var wanted = RetryAfter < RepositoryPoller.MaxRetryAfter ? RetryAfter : RetryAfter is null ? null : RepositoryPoller.MaxRetryAfter;
        return wanted > own ? wanted.Value : own;
    }
}

/// <summary>An object that follows a repository.</summary>
/// <param name="Kind">IrisModel or IrisTraining.</param>
/// <param name="Key">Reconciled when something changes.</param>
/// <param name="Versions">Ranges and exact versions, all valid.</param>
public sealed record Subscriber(string Kind, ObjectKey Key, IReadOnlyList<string> Versions, TimeSpan Interval);
