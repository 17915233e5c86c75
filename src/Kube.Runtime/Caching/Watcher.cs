using System.Runtime.CompilerServices;
using IrisOperator.Common;
using k8s.Exceptions;

namespace IrisOperator.Kube.Runtime.Caching;

/// <summary>
/// Lists, then watches, and starts over as often as it must. It ends with its token only; there is no error it gives up on.
/// </summary>
/// <remarks>
/// Guarantees: nothing that happened stays untold; an object may be told twice; <see cref="WatcherEventType.Listed"/> replaces all that
/// was told before. Every watch has a time limit, bookmarks and an idle watchdog.
/// </remarks>
public sealed class Watcher<T>(
    IKubeClient client, NamespaceScope scope, string? labelSelector, string? fieldSelector, TimeProvider time, Func<double> jitter)
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private static readonly TimeSpan _minTimeout = TimeSpan.FromSeconds(240);
    private static readonly TimeSpan _timeoutSpread = TimeSpan.FromSeconds(60);
    private static readonly Backoff _backOff = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(15));

    // A server that ends watches at once must not be asked again at once.
    private static readonly TimeSpan _shortLived = TimeSpan.FromSeconds(1);
    private int _failures;

    public async IAsyncEnumerable<WatcherEvent<T>> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        WatcherState<T> state = new WatcherState<T>.Empty();
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                var step = await StepAsync(state, cancellationToken);
                state = step.Next;
                if (step.Event is { } told)
                {
                    yield return told;
                }
            }
        }
        finally
        {
            if (state is WatcherState<T>.Watching { Stream: var open })
            {
                await open.DisposeAsync();
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>From one state to the next, with what there is to tell.</summary>
    internal Task<WatcherStep<T>> StepAsync(WatcherState<T> state, CancellationToken cancellationToken) => state switch
    {
        WatcherState<T>.Empty => ListAsync(cancellationToken),
        WatcherState<T>.Listed listed => Task.FromResult(Connect(listed, cancellationToken)),
        WatcherState<T>.Watching watching => ReadAsync(watching, cancellationToken),
        WatcherState<T>.Waiting waiting => WaitAsync(waiting, cancellationToken),
        _ => throw new InvalidOperationException($"unknown state {state}"),
    };

    private static bool IsExpected(Exception error) =>
        error is KubeApiException or KubeConfigException or HttpRequestException or IOException or TimeoutException or InvalidDataException;

    private async Task<WatcherStep<T>> WaitAsync(WatcherState<T>.Waiting waiting, CancellationToken cancellationToken)
    {
        await Task.Delay(waiting.Delay, time, cancellationToken);
        return new(null, waiting.Next);
    }

    private async Task<WatcherStep<T>> ListAsync(CancellationToken cancellationToken)
    {
        try
        {
            var options = new ListOptions { LabelSelector = labelSelector, FieldSelector = fieldSelector };
            var list = await client.ListAsync<T>(scope, options, cancellationToken);
            return new(
                new() { Type = WatcherEventType.Listed, List = list },
                new WatcherState<T>.Listed(list.ResourceVersion, list.ResourceVersion));
        }
        catch (Exception error) when (IsExpected(error))
        {
            return Fail("list_failed", $"list {Where}: {error.Message}", new WatcherState<T>.Empty());
        }
    }

    private WatcherStep<T> Connect(WatcherState<T>.Listed listed, CancellationToken cancellationToken)
    {
        var timeout = _minTimeout + (_timeoutSpread * jitter());
        var options = new WatchOptions
        {
            ResourceVersion = listed.Version,
            LabelSelector = labelSelector,
            FieldSelector = fieldSelector,
            Timeout = timeout,
        };
        var stream = new WatchStream<T>(client.WatchAsync<T>(scope, options, cancellationToken), timeout * 2, time, cancellationToken);
        return new(null, new WatcherState<T>.Watching(stream, listed.Version, listed.Confirmed));
    }

    private async Task<WatcherStep<T>> ReadAsync(WatcherState<T>.Watching watching, CancellationToken cancellationToken)
    {
        var stay = false;
        try
        {
            var step = await watching.Stream.ReadAsync(cancellationToken) is { } change ? Take(watching, change) : Ended(watching);
            stay = step.Next is WatcherState<T>.Watching;
            return step;
        }
        catch (KubeApiException error) when (error.IsGone)
        {
            return Fail("expired", $"watch {Where}: {error.Message}", new WatcherState<T>.Empty());
        }
        catch (Exception error) when (IsExpected(error))
        {
            var reason = error is TimeoutException ? "idle" : "watch_failed";
            return Fail(reason, $"watch {Where}: {error.Message}", new WatcherState<T>.Listed(watching.Confirmed, watching.Confirmed));
        }
        finally
        {
            if (!stay)
            {
                await watching.Stream.DisposeAsync();
            }
        }
    }

    private WatcherStep<T> Take(WatcherState<T>.Watching watching, WatchEvent<T> change)
    {
        switch (change.Type)
        {
            case WatchEventType.Error:
                var reason = change.Status?.Code == 410 ? "expired" : "watch_failed";
                return Fail(reason, $"watch {Where}: {change.Status?.Code} {change.Status?.Message}", new WatcherState<T>.Empty());
            case WatchEventType.Invalid:
                // What it said is unknown, a deletion perhaps: only a list can tell.
                return Fail("invalid", $"watch {Where}: {change.Invalid?.Key}: {change.Invalid?.Error}", new WatcherState<T>.Empty());
            case WatchEventType.Opened:
                return new(new() { Type = WatcherEventType.Connected }, watching);
        }

        _failures = 0;
        if (change.Type == WatchEventType.Bookmark)
        {
            return new(new() { Type = WatcherEventType.Progress }, watching with { Version = change.ResourceVersion ?? watching.Version });
        }

        var type = change.Type == WatchEventType.Deleted ? WatcherEventType.Deleted : WatcherEventType.Applied;
        var version = change.ResourceVersion ?? watching.Version;
        return new(new() { Type = type, Object = change.Object }, watching with { Version = version, Confirmed = version });
    }

    private WatcherStep<T> Ended(WatcherState<T>.Watching watching)
    {
        var next = new WatcherState<T>.Listed(watching.Version, watching.Confirmed);
        if (watching.Stream.Age < _shortLived)
        {
            return Fail("closed", $"watch {Where}: closed by the server at once", next);
        }

        _failures = 0;
        return new(null, next);
    }

    private WatcherStep<T> Fail(string reason, string message, WatcherState<T> next)
    {
        var delay = _backOff.Delay(_failures++);
        delay *= 0.5 + (jitter() / 2);
        return new(
            new() { Type = WatcherEventType.Failed, Failure = new WatcherFailure(reason, message, delay) },
            new WatcherState<T>.Waiting(delay, next));
    }

    private string Where => $"{Kind<T>.Definition.ResourceName} in {scope}";
}

internal readonly record struct WatcherStep<T>(WatcherEvent<T>? Event, WatcherState<T> Next)
    where T : class, IKubernetesObject<V1ObjectMeta>;

/// <summary>
/// Where a watcher is. <c>Empty → Listed → Watching → Listed</c> is the normal round; every failure goes through <c>Waiting</c>.
/// </summary>
internal abstract record WatcherState<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>Nothing is known: list.</summary>
    public sealed record Empty : WatcherState<T>;

    /// <summary>Everything up to a version is known: connect.</summary>
    /// <param name="Version">Where to go on.</param>
    /// <param name="Confirmed">
    /// The version of the last list or event. After an error a watch goes on from here, not from a bookmark: a server that lost
    /// its memory must answer 410 rather than skip what lies between (KubeOps issue 793).
    /// </param>
    public sealed record Listed(string Version, string Confirmed) : WatcherState<T>;

    /// <summary>A connection delivers.</summary>
    public sealed record Watching(WatchStream<T> Stream, string Version, string Confirmed) : WatcherState<T>;

    /// <summary>Something failed: let time pass.</summary>
    public sealed record Waiting(TimeSpan Delay, WatcherState<T> Next) : WatcherState<T>;
}

/// <summary>One step of a watcher.</summary>
public readonly record struct WatcherEvent<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    public required WatcherEventType Type { get; init; }

    /// <summary>For Listed: everything there is, to be swapped in at once.</summary>
    public KubeList<T>? List { get; init; }

    /// <summary>For Applied and Deleted.</summary>
    public T? Object { get; init; }

    /// <summary>For Failed: why the watcher starts over.</summary>
    public WatcherFailure? Failure { get; init; }
}

/// <summary>What a watcher tells. Connected and Progress carry no object; they show that it is alive.</summary>
public enum WatcherEventType
{
    Listed,
    Connected,
    Applied,
    Deleted,
    Progress,
    Failed,
}

/// <summary>Why a watcher has to list or connect again.</summary>
/// <param name="Reason">A label for metrics: expired, invalid, idle, closed, list_failed, watch_failed.</param>
/// <param name="Message">Names verb and resource, so that a missing permission shows as what it is.</param>
public sealed record WatcherFailure(string Reason, string Message, TimeSpan Delay);
