using IrisOperator.Kube.Runtime.Controllers;
using IrisOperator.Kube.Runtime.Leadership;
using IrisOperator.Kube.Runtime.Tests.Leadership;
using IrisOperator.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using static IrisOperator.Kube.Runtime.Tests.Leases;

namespace IrisOperator.Kube.Runtime.Tests;

/// <summary>Rule 9: SIGTERM on the leader and on a standby, while a pass hangs or does not.</summary>
public sealed class OperatorHostStopTests : IDisposable
{
    private static readonly TimeSpan _step = TimeSpan.FromMilliseconds(500);
    private readonly SingleThread _thread = new();
    private readonly ManualTimeProvider _time = new();
    private readonly Server _server = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _thread.Dispose();

    [Fact]
    public async Task standby_stops_at_once_and_leaves_the_lease_alone()
    {
        await _thread.EnterAsync();
        _server.Put("other");
        using var host = Host(_ => Task.FromResult(ReconcileResult.Done));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var running = host.RunAsync(stop.Token);
        await ManualTimeProvider.UntilAsync(() => host.Ready().IsHealthy);

        await stop.CancelAsync();
        await running;

        Assert.Equal("other", _server.Lease!.Spec!.HolderIdentity);
        Assert.DoesNotContain("patch", _server.Requests);
        Assert.Equal(0, _server.Passes);
    }

    [Fact]
    public async Task leader_waits_for_its_pass_before_it_releases()
    {
        await _thread.EnterAsync();
        var pass = new TaskCompletionSource<ReconcileResult>();
        using var host = Host(_ => pass.Task);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var running = await LeadAsync(host, stop);

        await stop.CancelAsync();
        await PassTimeAsync(TimeSpan.FromSeconds(15));
        Assert.False(running.IsCompleted);
        Assert.Equal("me", _server.Lease!.Spec!.HolderIdentity);
        pass.SetResult(ReconcileResult.Done);
        await running;

        Assert.Null(_server.Lease!.Spec!.HolderIdentity);
    }

    [Fact]
    public async Task pass_that_takes_too_long_is_cancelled_and_then_the_lease_released()
    {
        await _thread.EnterAsync();
        using var host = Host(HangAsync);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var running = await LeadAsync(host, stop);

        await stop.CancelAsync();
        await _time.AdvanceUntilAsync(() => running.IsCompleted, _step, TimeSpan.FromSeconds(30));
        await running;

        Assert.Null(_server.Lease!.Spec!.HolderIdentity);
        Assert.True(_time.Elapsed >= TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task pass_that_ignores_its_cancellation_keeps_the_lease_from_being_released()
    {
        await _thread.EnterAsync();
        var never = new TaskCompletionSource<ReconcileResult>();
        using var host = Host(_ => never.Task);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var running = await LeadAsync(host, stop);

        await stop.CancelAsync();
        await _time.AdvanceUntilAsync(() => running.IsCompleted, _step, TimeSpan.FromSeconds(40));

        await Assert.ThrowsAsync<OperatorFailedException>(() => running);
        Assert.Equal("me", _server.Lease!.Spec!.HolderIdentity);
        await Assert.ThrowsAsync<NotLeadingException>(async () => await host.Client.CreateAsync(Lease("a", "1"), Stop));
    }

    [Fact]
    public async Task lost_lease_ends_the_host_and_closes_its_client()
    {
        await _thread.EnterAsync();
        using var host = Host(HangAsync);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var running = await LeadAsync(host, stop);

        _server.Put("thief");
        await _time.AdvanceUntilAsync(() => running.IsCompleted, _step, TimeSpan.FromSeconds(20));

        await Assert.ThrowsAsync<LeadershipLostException>(() => running);
        await Assert.ThrowsAsync<NotLeadingException>(async () => await host.Client.CreateAsync(Lease("a", "1"), Stop));
    }

    [Fact]
    public async Task work_begins_with_the_lead_and_ends_with_the_stop()
    {
        await _thread.EnterAsync();
        _server.Put("other");
        using var host = Host(_ => Task.FromResult(ReconcileResult.Done));
        var token = CancellationToken.None;
        host.AddWork(given => HangAsync(token = given));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var running = host.RunAsync(stop.Token);
        await ManualTimeProvider.UntilAsync(() => host.Ready().IsHealthy);
        Assert.False(token.CanBeCanceled);

        await _time.AdvanceUntilAsync(() => token.CanBeCanceled, _step, TimeSpan.FromSeconds(40));
        Assert.Equal("me", _server.Lease!.Spec!.HolderIdentity);
        await stop.CancelAsync();
        await running;

        Assert.True(token.IsCancellationRequested);
        Assert.Null(_server.Lease!.Spec!.HolderIdentity);
    }

    [Fact]
    public async Task work_that_fails_ends_the_host()
    {
        await _thread.EnterAsync();
        using var host = Host(_ => Task.FromResult(ReconcileResult.Done));
        var fails = new TaskCompletionSource();
        host.AddWork(_ => fails.Task);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var running = await LeadAsync(host, stop);

        fails.SetException(new InvalidOperationException("the work"));

        await _time.AdvanceUntilAsync(() => running.IsCompleted, _step, TimeSpan.FromSeconds(40));
        Assert.Equal("the work", (await Assert.ThrowsAsync<InvalidOperationException>(() => running)).Message);
    }

    [Fact]
    public async Task a_worker_that_dies_ends_the_host()
    {
        await _thread.EnterAsync();
        using var host = Host(_ => throw new InsufficientMemoryException("no memory"));

        var running = host.RunAsync(Stop);

        await _time.AdvanceUntilAsync(() => running.IsCompleted, _step, TimeSpan.FromSeconds(40));
        await Assert.ThrowsAsync<InsufficientMemoryException>(() => running);
    }

    private async Task<ReconcileResult> HangAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, _time, cancellationToken);
        return ReconcileResult.Done;
    }

    private OperatorHost Host(Func<CancellationToken, Task<ReconcileResult>> reconcile)
    {
        var options = new OperatorHostOptions
        {
            Name = "test",
            LeaderElection = new LeaderElectionOptions { Namespace = "ns", LeaseName = "lease", Identity = "me" },
        };
        var host = new OperatorHost(_server, options, NullLoggerFactory.Instance, _time, () => 0.5);
        host.AddController("test", new Reconciler(token =>
        {
            _server.Passes++;
            return reconcile(token);
        }));
        return host;
    }

    private async Task<Task> LeadAsync(OperatorHost host, CancellationTokenSource stop)
    {
        var running = host.RunAsync(stop.Token);
        await ManualTimeProvider.UntilAsync(() => _server.Passes > 0);
        return running;
    }

    private Task PassTimeAsync(TimeSpan span)
    {
        var end = _time.Elapsed + span;
        return _time.AdvanceUntilAsync(() => _time.Elapsed >= end, _step, span);
    }

    private sealed class Reconciler(Func<CancellationToken, Task<ReconcileResult>> reconcile) : IReconciler<V1Lease>
    {
        public Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken) => reconcile(cancellationToken);
    }

    /// <summary>One lease for the election, and one object "a" that is listed and never changes.</summary>
    private sealed class Server : LeaseServer
    {
        private readonly ScriptedWatch _watch = new ScriptedWatch().List("10", Leases.Lease("a", "1")).Watch([Opened]);

        public int Passes { get; set; }

        public override Task<KubeList<T>> ListAsync<T>(
            NamespaceScope scope, ListOptions? options = null, CancellationToken cancellationToken = default) =>
            _watch.ListAsync<T>(scope, options, cancellationToken);

        public override IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(
            NamespaceScope scope, WatchOptions options, CancellationToken cancellationToken = default) =>
            _watch.WatchAsync<T>(scope, options, cancellationToken);
    }
}
