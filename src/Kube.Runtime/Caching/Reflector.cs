using IrisOperator.Kube.Runtime.Diagnostics;
using Microsoft.Extensions.Logging;

namespace IrisOperator.Kube.Runtime.Caching;

/// <summary>Keeps a store equal to the server. One per type in a process.</summary>
internal sealed partial class Reflector<T>(
    IKubeClient client, NamespaceScope scope, ReflectorOptions<T> options, ILogger logger, TimeProvider time, Func<double> jitter)
    : IReflector
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private static readonly TimeSpan _pauseAfterBug = TimeSpan.FromSeconds(5);
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Store<T> _store =
        new(options.Indexes, (key, error) => LogSubscriberFailed(logger, error, Kind<T>.Definition.ResourceName, key));

    private long _lastSign = time.GetTimestamp();
    private long _lastTurn = time.GetTimestamp();

    public StoreReader<T> Store => _store;

    public string Resource => Kind<T>.Definition.ResourceName;

    public bool IsSynced => _synced.Task.IsCompletedSuccessfully;

    public string? LastError { get; private set; }

    public TimeSpan Silence => time.GetElapsedTime(Volatile.Read(ref _lastSign));

    public TimeSpan SinceLastTurn => time.GetElapsedTime(Volatile.Read(ref _lastTurn));

    public Task WaitUntilSyncedAsync(CancellationToken cancellationToken) => _synced.Task.WaitAsync(cancellationToken);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // Leave the caller's stack, so that the reflectors of all types begin at once.
        await Task.Yield();
        while (!cancellationToken.IsCancellationRequested)
        {
            var watcher = new Watcher<T>(client, scope, options.LabelSelector, options.FieldSelector, time, jitter);
            try
            {
                await foreach (var change in watcher.RunAsync(cancellationToken))
                {
                    Take(change);
                }
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested)
            {
                // A watcher that ended would be a type nobody watches until the next restart (KubeOps issue 585).
                Volatile.Write(ref _lastTurn, time.GetTimestamp());
                LastError = error.Message;
                LogCrashed(error, Resource);
                RuntimeMetrics.WatchFailures.WithLabels(Resource, "crashed").Inc();
                await Task.Delay(_pauseAfterBug, time, cancellationToken);
            }
        }
    }

    private void Take(in WatcherEvent<T> change)
    {
        Volatile.Write(ref _lastTurn, time.GetTimestamp());
        if (change.Type == WatcherEventType.Failed)
        {
            LastError = change.Failure!.Message;
            RuntimeMetrics.WatchFailures.WithLabels(Resource, change.Failure.Reason).Inc();
            LogFailed(Resource, change.Failure.Reason, change.Failure.Message, change.Failure.Delay.TotalSeconds);
            return;
        }

        Volatile.Write(ref _lastSign, time.GetTimestamp());
        switch (change.Type)
        {
            case WatcherEventType.Listed:
                TakeList(change.List!);
                break;
            case WatcherEventType.Connected:
                _synced.TrySetResult();
                break;
            case WatcherEventType.Applied:
                _store.Apply(Transform(change.Object!));
                break;
            case WatcherEventType.Deleted:
                _store.Delete(change.Object!.Key());
                break;
        }
    }

    private void TakeList(KubeList<T> list)
    {
        RuntimeMetrics.Listed(Resource, list.Invalid.Count);
        foreach (var invalid in list.Invalid)
        {
            LogInvalid(Resource, invalid.Key, invalid.Error);
        }

        var kept = list.Invalid.Where(invalid => invalid.Key is not null).Select(invalid => invalid.Key!.Value).ToArray();
        _store.Replace(options.Transform is null ? list.Items : [.. list.Items.Select(Transform)], kept);
        LogListed(Resource, list.Items.Count, list.ResourceVersion);
    }

    private T Transform(T obj) => options.Transform is { } transform ? transform(obj) : obj;

    [LoggerMessage(Level = LogLevel.Debug, Message = "Listed {Resource}: {Count} objects at version {Version}")]
    private partial void LogListed(string resource, int count, string version);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Watch of {Resource} starts over ({Reason}) in {Seconds:0.0} s: {Problem}")]
    private partial void LogFailed(string resource, string reason, string problem, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Cannot decode {Resource} {Key}: {Error}")]
    private partial void LogInvalid(string resource, ObjectKey? key, string error);

    [LoggerMessage(Level = LogLevel.Error, Message = "A subscriber to {Resource} failed at {Key} and has lost this change")]
    private static partial void LogSubscriberFailed(ILogger logger, Exception error, string resource, ObjectKey key);

    [LoggerMessage(Level = LogLevel.Error, Message = "Watcher of {Resource} crashed and is started again")]
    private partial void LogCrashed(Exception error, string resource);
}

/// <summary>What the host needs to know about a reflector, whatever its type.</summary>
internal interface IReflector
{
    public string Resource { get; }

    /// <summary>True once a list came in and the watch after it brought its first sign of life.</summary>
    public bool IsSynced { get; }

    /// <summary>Why it is not synced, or what failed last.</summary>
    public string? LastError { get; }

    /// <summary>How long it has heard nothing: no list, event or bookmark.</summary>
    public TimeSpan Silence { get; }

    /// <summary>Since its loop last did anything: heard something, or tried in vain. An outage of the server does not stop it.</summary>
    public TimeSpan SinceLastTurn { get; }

    public Task WaitUntilSyncedAsync(CancellationToken cancellationToken);

    /// <summary>Ends with the token only.</summary>
    public Task RunAsync(CancellationToken cancellationToken);
}

/// <summary>What a store holds. One per type and process, fixed at its first use.</summary>
public sealed record ReflectorOptions<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>Null takes the host's scope.</summary>
    public NamespaceScope? Scope { get; init; }

    public string? LabelSelector { get; init; }

    public string? FieldSelector { get; init; }

    /// <summary>Drops what nobody reads before the object enters the store. Name, namespace, uid, resourceVersion must survive.</summary>
    public Func<T, T>? Transform { get; init; }

    /// <summary>Index name to the values of an object, for <see cref="StoreReader{T}.ByIndex"/>.</summary>
    public IReadOnlyDictionary<string, Func<T, IEnumerable<string>>> Indexes { get; init; } =
        new Dictionary<string, Func<T, IEnumerable<string>>>();
}
