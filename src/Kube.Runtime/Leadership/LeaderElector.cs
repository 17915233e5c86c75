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
public sealed partial class LeaderElector(
    IKubeClient client, LeaderElectionOptions options, LeadershipGate gate, ILogger logger, TimeProvider time, Func<double> jitter)
{
    private static readonly TimeSpan _refusalLimit = TimeSpan.FromMinutes(1);
    private readonly ObjectKey _key = new(options.Namespace, options.LeaseName);
    private V1Lease? _observed;
    private long _observedAt;
    private long _renewedAt;
    private long? _refusedSince;
    private int _started;

    public LeadershipGate Gate => gate;

    /// <summary>
    /// Waits for the lease, then runs the work. The work's token is cancelled when leadership is lost. A stop is for the work to notice
    /// itself, through its own token: the lease is renewed until it has returned, then released.
    /// </summary>
    /// <exception cref="LeadershipLostException">The process must end.</exception>
    /// <exception cref="OperatorFailedException">A verb on leases was forbidden for a minute: nobody would ever lead.</exception>
    /// <exception cref="OperationCanceledException">Stopped before it led.</exception>
    public async Task RunAsync(Func<CancellationToken, Task> whileLeading, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _started, 1) != 0)
        {
            throw new InvalidOperationException("an elector leads once; after a loss the process ends");
        }

        await AcquireAsync(cancellationToken);
        LogLeading(options.Identity, _key);
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
        await Task.WhenAny(work, Task.Delay(options.LeaseDuration - options.RenewDeadline, time, CancellationToken.None));
        await renewal;
    }

    private async Task AcquireAsync(CancellationToken cancellationToken)
    {
        LogWaiting(options.Identity, _key);
        while (!await TryAsync(TryAcquireAsync, options.RenewDeadline, cancellationToken))
        {
            // Spread, or all standbys ask at the same moment for ever.
            await Task.Delay(options.RetryPeriod * (1 + (jitter() * 0.2)), time, cancellationToken);
        }
    }

    // Returns only when finished; throws LeadershipLostException otherwise.
    private async Task RenewUntilAsync(CancellationToken finished)
    {
        while (!finished.IsCancellationRequested)
        {
            var left = options.RenewDeadline - time.GetElapsedTime(_renewedAt);
            if (left <= TimeSpan.Zero)
            {
                throw new LeadershipLostException($"no renewal for {options.RenewDeadline.TotalSeconds} s");
            }

            var pause = options.RetryPeriod < left ? options.RetryPeriod : left;
            await Task.Delay(pause, time, finished);
            left = options.RenewDeadline - time.GetElapsedTime(_renewedAt);
            if (left > TimeSpan.Zero)
            {
                await TryAsync(TryRenewAsync, left, finished);
            }
        }
    }

    private async Task<bool> TryAsync(Func<CancellationToken, Task<bool>> attempt, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(limit, time);
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
        _refusedSince = error is KubeApiException { IsForbidden: true } ? _refusedSince ?? time.GetTimestamp() : null;
        if (_refusedSince is { } since && time.GetElapsedTime(since) >= _refusalLimit)
        {
            throw new OperatorFailedException($"lease {_key} cannot be used: {error.Message}");
        }
    }

    private async Task<bool> TryAcquireAsync(CancellationToken cancellationToken)
    {
        var lease = await client.GetAsync<V1Lease>(_key, cancellationToken);
        if (lease is null)
        {
            var began = time.GetTimestamp();
            var fresh = new V1Lease
            {
                Metadata = new V1ObjectMeta { NamespaceProperty = _key.Namespace, Name = _key.Name },
                Spec = options.Hold(null, time.GetUtcNow()),
            };
            Take(await client.CreateAsync(fresh, cancellationToken), began);
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
            var lease = await client.GetAsync<V1Lease>(_key, cancellationToken);
            if (lease?.Spec?.HolderIdentity != options.Identity)
            {
                throw new LeadershipLostException($"the lease is held by \"{lease?.Spec?.HolderIdentity ?? "nobody"}\"");
            }

            return await HoldAsync(lease, cancellationToken);
        }
    }

    private async Task<bool> HoldAsync(V1Lease lease, CancellationToken cancellationToken)
    {
        // Taken before the request: the server may have stored it long before its answer came.
        var began = time.GetTimestamp();
        var patch = LeasePatch.Hold(lease.Metadata.ResourceVersion, options.Hold(lease.Spec, time.GetUtcNow()));
        Take(await client.PatchAsync<V1Lease>(_key, patch, null, cancellationToken), began);
        return true;
    }

    private void Take(V1Lease lease, long began)
    {
        _observed = lease;
        _observedAt = _renewedAt = began;
        Gate.OpenUntil(began + (long)(options.RenewDeadline.TotalSeconds * time.TimestampFrequency));
    }

    // Only a change restarts the clock, so a dead holder's lease runs out whatever its wall clock wrote into it.
    private void Observe(V1Lease lease)
    {
        if (_observed?.Metadata.ResourceVersion != lease.Metadata.ResourceVersion || _observed?.Metadata.Uid != lease.Metadata.Uid)
        {
            _observed = lease;
            _observedAt = time.GetTimestamp();
        }
    }

    private bool IsFree(V1Lease lease)
    {
        if (string.IsNullOrEmpty(lease.Spec?.HolderIdentity) || lease.Spec.HolderIdentity == options.Identity)
        {
            return true;
        }

        // The holder's own promise counts, it may be configured differently from us.
        var duration = lease.Spec.LeaseDurationSeconds is { } seconds and > 0 ? TimeSpan.FromSeconds(seconds) : options.LeaseDuration;
        return time.GetElapsedTime(_observedAt) >= duration;
    }

    private async Task ReleaseAsync()
    {
        var left = options.RenewDeadline - time.GetElapsedTime(_renewedAt);
        if (left > TimeSpan.Zero && await TryAsync(ReleaseOnceAsync, left, CancellationToken.None))
        {
            LogReleased(_key);
        }
    }

    private async Task<bool> ReleaseOnceAsync(CancellationToken cancellationToken)
    {
        // A renewal that was cancelled on its way may have been stored, so the version is read again.
        var lease = await client.GetAsync<V1Lease>(_key, cancellationToken);
        if (lease?.Spec?.HolderIdentity != options.Identity)
        {
            return false;
        }

        var patch = LeasePatch.Release(lease.Metadata.ResourceVersion);
        await client.PatchAsync<V1Lease>(_key, patch, null, cancellationToken);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Identity} waits for lease {Lease}")]
    private partial void LogWaiting(string identity, ObjectKey lease);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Identity} leads by lease {Lease}")]
    private partial void LogLeading(string identity, ObjectKey lease);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Lease {Lease} was not obtained or renewed: {Problem}")]
    private partial void LogFailed(ObjectKey lease, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "Lease {Lease} released")]
    private partial void LogReleased(ObjectKey lease);
}
