using System.Runtime.ExceptionServices;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;

namespace IrisOperator.Kube.Runtime.Leadership;

/// <summary>Lets one of several processes lead, by a lease.</summary>
/// <remarks>
/// Guarantees: all time is measured here, by the monotonic clock, so a step of any wall clock changes nothing; leadership ends at the
/// latest <see cref="LeaderElectionOptions.RenewDeadline"/> after the beginning of the last renewal that succeeded, and the renewal
/// under way then is cancelled; one request at a time; the lease is released only when the work has ended in order.
/// Caveat: there is no fencing at the server. A write sent just before the end may arrive after it, so writes carry uids and versions.
/// Clocks that run at different rates are tolerated up to the ratio of lease duration to renew deadline.
/// </remarks>
public sealed partial class LeaderElector
{
    private static readonly TimeSpan _refusalLimit = TimeSpan.FromMinutes(1);
    private readonly IKubeClient _client;
    private readonly LeaderElectionOptions _options;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly Func<double> _jitter;
    private readonly ObjectKey _key;
    private V1Lease? _observed;
    private long _observedAt;
    private long _renewedAt;
    private long? _refusedSince;
    private int _started;

    public LeaderElector(
        IKubeClient client, LeaderElectionOptions options, LeadershipGate gate, ILogger logger, TimeProvider time, Func<double> jitter)
    {
        options.Validate();
        _client = client;
        _options = options;
        _logger = logger;
        _time = time;
        _jitter = jitter;
        Gate = gate;
        _key = new ObjectKey(options.Namespace, options.LeaseName);
    }

    public LeadershipGate Gate { get; }

    /// <summary>
    /// Waits for the lease, then runs the work. The work's token is cancelled when leadership is lost. A stop is for the work to notice
    /// itself, through its own token: the lease is renewed until it has returned, then released.
    /// </summary>
    /// <exception cref="LeadershipLostException">The process must end.</exception>
    /// <exception cref="KubeApiException">A verb on leases was forbidden for a minute: nobody would ever lead.</exception>
    /// <exception cref="OperationCanceledException">Stopped before it led.</exception>
    public async Task RunAsync(Func<CancellationToken, Task> whileLeading, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _started, 1) != 0)
        {
            throw new InvalidOperationException("an elector leads once; after a loss the process ends");
        }

        await AcquireAsync(cancellationToken);
        LogLeading(_options.Identity, _key);
        using var lost = new CancellationTokenSource();
        using var finished = new CancellationTokenSource();
        var work = whileLeading(lost.Token);
        var renewal = RenewUntilAsync(finished.Token);
        await Task.WhenAny(work, renewal);
        if (work.IsCompleted)
        {
            await finished.CancelAsync();
            await renewal.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Gate.Close();

            // Work that failed may have left something running, and so no release: the lease has to run out.
            await work;
            await ReleaseAsync();
            return;
        }

        Gate.Close();
        await lost.CancelAsync();
        await Task.WhenAny(work, Task.Delay(_options.LeaseDuration - _options.RenewDeadline, _time, CancellationToken.None));
        await renewal;
    }

    private async Task AcquireAsync(CancellationToken cancellationToken)
    {
        LogWaiting(_options.Identity, _key);
        while (!await TryAsync(TryAcquireAsync, _options.RenewDeadline, cancellationToken))
        {
            // Spread, or all standbys ask at the same moment for ever.
            await Task.Delay(_options.RetryPeriod * (1 + (_jitter() * 0.2)), _time, cancellationToken);
        }
    }

    // Returns only when finished; throws LeadershipLostException otherwise.
    private async Task RenewUntilAsync(CancellationToken finished)
    {
        while (!finished.IsCancellationRequested)
        {
            var left = _options.RenewDeadline - _time.GetElapsedTime(_renewedAt);
            if (left <= TimeSpan.Zero)
            {
                throw new LeadershipLostException($"no renewal for {_options.RenewDeadline.TotalSeconds} s");
            }

            var pause = _options.RetryPeriod < left ? _options.RetryPeriod : left;
            await Task.Delay(pause, _time, finished);
            left = _options.RenewDeadline - _time.GetElapsedTime(_renewedAt);
            if (left > TimeSpan.Zero)
            {
                await TryAsync(TryRenewAsync, left, finished);
            }
        }
    }

    private async Task<bool> TryAsync(Func<CancellationToken, Task<bool>> attempt, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(limit, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await attempt(linked.Token);
        }
        catch (Exception error) when (
            !cancellationToken.IsCancellationRequested
            && error is KubeApiException or HttpRequestException or IOException or TimeoutException or InvalidDataException
                or OperationCanceledException)
        {
            LogFailed(_key, error.Message);
            ThrowIfForbiddenForLong(error);
            return false;
        }
    }

    // Before the first lease only. While leading, the renew deadline is shorter and decides.
    private void ThrowIfForbiddenForLong(Exception error)
    {
        _refusedSince = error is KubeApiException { IsForbidden: true } ? _refusedSince ?? _time.GetTimestamp() : null;
        if (_refusedSince is { } since && _time.GetElapsedTime(since) >= _refusalLimit)
        {
            ExceptionDispatchInfo.Throw(error);
        }
    }

    private async Task<bool> TryAcquireAsync(CancellationToken cancellationToken)
    {
        var lease = await _client.GetAsync<V1Lease>(_key, cancellationToken);
        if (lease is null)
        {
            var began = _time.GetTimestamp();
            var fresh = new V1Lease
            {
                Metadata = new V1ObjectMeta { NamespaceProperty = _key.Namespace, Name = _key.Name },
                Spec = Hold(null),
            };
            Take(await _client.CreateAsync(fresh, cancellationToken), began);
            return true;
        }

        Observe(lease);
        return IsFree(lease) && await HoldAsync(lease, cancellationToken);
    }

    private async Task<bool> TryRenewAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await HoldAsync(_observed!, cancellationToken);
        }
        catch (KubeApiException error) when (error.IsConflict || error.IsNotFound)
        {
            // Somebody touched the lease, an annotation perhaps. Who holds it decides.
            var lease = await _client.GetAsync<V1Lease>(_key, cancellationToken);
            if (lease?.Spec?.HolderIdentity != _options.Identity)
            {
                throw new LeadershipLostException($"the lease is held by \"{lease?.Spec?.HolderIdentity ?? "nobody"}\"");
            }

            return await HoldAsync(lease, cancellationToken);
        }
    }

    private async Task<bool> HoldAsync(V1Lease lease, CancellationToken cancellationToken)
    {
        // Taken before the request: the server may have stored it long before its answer came.
        var began = _time.GetTimestamp();
        var patch = HoldPatch(lease.Metadata.ResourceVersion, Hold(lease.Spec));
        Take(await _client.PatchAsync<V1Lease>(_key, patch, null, cancellationToken), began);
        return true;
    }

    private void Take(V1Lease lease, long began)
    {
        _observed = lease;
        _observedAt = _renewedAt = began;
        Gate.OpenUntil(began + (long)(_options.RenewDeadline.TotalSeconds * _time.TimestampFrequency));
    }

    // Only a change restarts the clock, so a dead holder's lease runs out whatever its wall clock wrote into it.
    private void Observe(V1Lease lease)
    {
        if (_observed?.Metadata.ResourceVersion != lease.Metadata.ResourceVersion || _observed?.Metadata.Uid != lease.Metadata.Uid)
        {
            _observed = lease;
            _observedAt = _time.GetTimestamp();
        }
    }

    private bool IsFree(V1Lease lease)
    {
        if (string.IsNullOrEmpty(lease.Spec?.HolderIdentity) || lease.Spec.HolderIdentity == _options.Identity)
        {
            return true;
        }

        // The holder's own promise counts, it may be configured differently from us.
        var duration = lease.Spec.LeaseDurationSeconds is { } seconds and > 0 ? TimeSpan.FromSeconds(seconds) : _options.LeaseDuration;
        return _time.GetElapsedTime(_observedAt) >= duration;
    }

    private V1LeaseSpec Hold(V1LeaseSpec? before)
    {
        var now = _time.GetUtcNow().UtcDateTime;
        var again = before?.HolderIdentity == _options.Identity;
        return new V1LeaseSpec
        {
            HolderIdentity = _options.Identity,
            LeaseDurationSeconds = (int)Math.Ceiling(_options.LeaseDuration.TotalSeconds),
            AcquireTime = again ? before?.AcquireTime ?? now : now,
            RenewTime = now,
            LeaseTransitions = before is null ? 0 : (before.LeaseTransitions ?? 0) + (again ? 0 : 1),
        };
    }

    private static JsonObject HoldPatch(string version, V1LeaseSpec spec) => Patch(version, new JsonObject
    {
        ["holderIdentity"] = spec.HolderIdentity,
        ["leaseDurationSeconds"] = spec.LeaseDurationSeconds,
        ["acquireTime"] = MicroTime.ToText(spec.AcquireTime!.Value),
        ["renewTime"] = MicroTime.ToText(spec.RenewTime!.Value),
        ["leaseTransitions"] = spec.LeaseTransitions,
    });

    // Carries the version that was read, so only one of two rivals wins.
    private static JsonObject Patch(string version, JsonObject spec) =>
        new() { ["metadata"] = new JsonObject { ["resourceVersion"] = version }, ["spec"] = spec };

    private async Task ReleaseAsync()
    {
        var left = _options.RenewDeadline - _time.GetElapsedTime(_renewedAt);
        if (left > TimeSpan.Zero && await TryAsync(ReleaseOnceAsync, left, CancellationToken.None))
        {
            LogReleased(_key);
        }
    }

    private async Task<bool> ReleaseOnceAsync(CancellationToken cancellationToken)
    {
        // A renewal that was cancelled on its way may have been stored, so the version is read again.
        var lease = await _client.GetAsync<V1Lease>(_key, cancellationToken);
        if (lease?.Spec?.HolderIdentity != _options.Identity)
        {
            return false;
        }

        // Null rather than empty: newer servers refuse an empty holder.
        var patch = Patch(lease.Metadata.ResourceVersion, new JsonObject { ["holderIdentity"] = null });
        await _client.PatchAsync<V1Lease>(_key, patch, null, cancellationToken);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{identity} waits for lease {lease}")]
    private partial void LogWaiting(string identity, ObjectKey lease);

    [LoggerMessage(Level = LogLevel.Information, Message = "{identity} leads by lease {lease}")]
    private partial void LogLeading(string identity, ObjectKey lease);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Lease {lease} was not obtained or renewed: {message}")]
    private partial void LogFailed(ObjectKey lease, string message);

    [LoggerMessage(Level = LogLevel.Information, Message = "Lease {lease} released")]
    private partial void LogReleased(ObjectKey lease);
}
