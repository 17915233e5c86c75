using System.Runtime.CompilerServices;

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
    where T : class, IKubeResource<T>
{
    private static readonly TimeSpan _minTimeout = TimeSpan.FromSeconds(240);
    private static readonly TimeSpan _timeoutSpread = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _firstDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan _maxDelay = TimeSpan.FromSeconds(15);

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
        var delay = TimeSpan.FromTicks(Math.Min(_maxDelay.Ticks, _firstDelay.Ticks << Math.Min(_failures++, 16)));
        delay *= 0.5 + (jitter() / 2);
        return new(
            new() { Type = WatcherEventType.Failed, Failure = new WatcherFailure(reason, message, delay) },
            new WatcherState<T>.Waiting(delay, next));
    }

    private string Where => $"{Kind<T>.Definition.ResourceName} in {scope}";
}
