using IrisOperator.Kube.Runtime.Caching;
using IrisOperator.Kube.Runtime.Controllers;
using IrisOperator.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using static IrisOperator.Kube.Runtime.Tests.Leases;

namespace IrisOperator.Kube.Runtime.Tests;

public sealed class OperatorHostTests : IDisposable
{
    private readonly SingleThread _thread = new();
    private readonly ManualTimeProvider _time = new();
    private readonly ScriptedWatch _server = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _thread.Dispose();

    [Fact]
    public async Task list_that_is_forbidden_ends_the_process_and_names_the_resource()
    {
        await _thread.EnterAsync();
        using var host = Host();
        host.Store<V1Lease>();
        for (var i = 0; i < 1000; i++)
        {
            _server.ListFails(new KubeApiException(new V1Status { Code = 403, Message = "cannot list resource \"leases\"" }));
        }

        var running = host.RunAsync(Stop);
        await _time.AdvanceUntilAsync(() => running.IsCompleted, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(2));

        var error = await Assert.ThrowsAsync<OperatorFailedException>(() => running);
        Assert.Contains("leases.coordination.k8s.io", error.Message, StringComparison.Ordinal);
        Assert.Contains("cannot list resource", error.Message, StringComparison.Ordinal);
        Assert.False(host.Ready().IsHealthy);
    }

    [Fact]
    public async Task watch_that_is_forbidden_ends_the_process_too()
    {
        await _thread.EnterAsync();
        using var host = Host();
        host.Store<V1Lease>();
        _server.List("10");
        for (var i = 0; i < 1000; i++)
        {
            _server.Watch([], breaks: new KubeApiException(new V1Status { Code = 403, Message = "cannot watch resource \"leases\"" }));
        }

        var running = host.RunAsync(Stop);
        await _time.AdvanceUntilAsync(() => running.IsCompleted, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(2));

        var error = await Assert.ThrowsAsync<OperatorFailedException>(() => running);
        Assert.Contains("cannot watch resource", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task list_that_fails_at_first_is_tried_until_it_works()
    {
        await _thread.EnterAsync();
        using var host = Host();
        var store = host.Store<V1Lease>();
        _server.ListFails(new IOException("reset")).ListFails(Error(500)).ListFails(new InvalidDataException("cut off"))
            .List("10", Lease("a", "1")).Watch([Opened]);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);

        var running = host.RunAsync(stop.Token);
        await _time.AdvanceUntilAsync(() => host.Ready().IsHealthy, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));

        Assert.Equal(1, store.Count);
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task reflector_outlives_a_bug()
    {
        await _thread.EnterAsync();
        using var host = Host();
        host.Store<V1Lease>();
        _server.ListFails(new InvalidOperationException("a bug")).List("10").Watch([Opened]);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);

        var running = host.RunAsync(stop.Token);
        await _time.AdvanceUntilAsync(() => host.Ready().IsHealthy, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));

        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task an_outage_of_the_api_server_restarts_no_pod()
    {
        await _thread.EnterAsync();
        using var host = Host();
        host.Store<V1Lease>();
        _server.List("10").Watch([Opened]);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var running = host.RunAsync(stop.Token);
        await ManualTimeProvider.UntilAsync(() => host.Ready().IsHealthy);

        // The open watch goes silent; after that nothing is scripted, so each list is refused.
        _server.Watch([], breaks: new HttpRequestException("refused"));
        _server.Watch([], breaks: new KubeApiException(new V1Status { Code = 410 }));
        var end = _time.Elapsed + TimeSpan.FromHours(1);
        await _time.AdvanceUntilAsync(
            () =>
            {
                Assert.True(host.Live().IsHealthy, host.Live().Message);
                return _time.Elapsed >= end;
            },
            TimeSpan.FromSeconds(10),
            TimeSpan.FromMinutes(61));

        Assert.True(_server.Lists > 100, $"{_server.Lists} lists");
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task a_watch_loop_that_is_stuck_fails_liveness_and_is_named()
    {
        await _thread.EnterAsync();
        using var host = Host(new StuckServer());
        host.Store<V1Lease>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var running = host.RunAsync(stop.Token);

        await _time.AdvanceUntilAsync(() => !host.Live().IsHealthy, TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(16));
        Assert.InRange(_time.Elapsed, TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(15.5));
        Assert.Contains("leases.coordination.k8s.io", host.Live().Message, StringComparison.Ordinal);

        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task children_and_labelled_descendants_and_watched_objects_bring_passes()
    {
        await _thread.EnterAsync();
        using var host = Host();
        var reconciler = new Recording();
        host.AddController(
            "test",
            reconciler,
            c => c.Owns<V1Lease>()
                .Owns<V1Lease>("owner-name")
                .Watches<V1Lease>(lease => lease.Metadata.Name == "config" ? [Key("by-map")] : []));
        var child = Lease("child", "1");
        child = child with { Metadata = child.Metadata with { OwnerReferences = [Lease("by-owner", "1").ToControllerReference()] } };
        var labelled = Lease("labelled", "1");
        var labels = new Dictionary<string, string> { ["owner-name"] = "by-label" };
        labelled = labelled with { Metadata = labelled.Metadata with { Labels = labels } };
        _server.List("10", Lease("first", "1")).Watch([Opened]);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);

        var running = host.RunAsync(stop.Token);
        await ManualTimeProvider.UntilAsync(() => reconciler.Keys.Count == 1);
        Array.ForEach([child, labelled, Lease("config", "1")], lease => _server.Current.Writer.TryWrite(Added(lease)));
        await ManualTimeProvider.UntilAsync(() => reconciler.Keys.Count == 7);

        Assert.Superset(new HashSet<string> { "by-owner", "by-label", "by-map" }, reconciler.Keys.Select(key => key.Name).ToHashSet());
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task a_map_that_throws_takes_no_change_from_the_others()
    {
        await _thread.EnterAsync();
        using var host = Host();
        var reconciler = new Recording();
        host.AddController(
            "test",
            reconciler,
            c => c.Watches<V1Lease>(_ => throw new InvalidOperationException("a bug")).Watches<V1Lease>(_ => [Key("by-map")]));
        _server.List("10", Lease("a", "1")).Watch([Opened]);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var running = host.RunAsync(stop.Token);
        await ManualTimeProvider.UntilAsync(() => reconciler.Keys.Count == 1);

        _server.Current.Writer.TryWrite(Added(Lease("b", "2")));
        await ManualTimeProvider.UntilAsync(() => reconciler.Keys.Count == 3);

        Assert.Equal(["a", "b", "by-map"], reconciler.Keys.Select(key => key.Name).Order());
        Assert.Equal(1, _server.Lists);
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public void store_of_a_type_exists_once()
    {
        using var host = Host();
        var first = host.Store(new ReflectorOptions<V1Lease> { LabelSelector = "a=b" });

        Assert.Same(first, host.Store<V1Lease>());
        Assert.Throws<InvalidOperationException>(() => host.Store(new ReflectorOptions<V1Lease>()));
    }

    private static WatchEvent<V1Lease> Added(V1Lease lease) =>
        new() { Type = WatchEventType.Added, Object = lease, ResourceVersion = lease.Metadata.ResourceVersion };

    private OperatorHost Host(IKubeClient? server = null)
    {
        var options = new OperatorHostOptions { Name = "test", InitialSyncDeadline = TimeSpan.FromMinutes(server is null ? 1 : 60) };
        return new(server ?? _server, options, NullLoggerFactory.Instance, _time, () => 0.5);
    }

    private sealed class StuckServer : ClientStub
    {
        public override async Task<KubeList<T>> ListAsync<T>(
            NamespaceScope scope, ListOptions? options = null, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            throw new InvalidOperationException("the list never comes");
        }
    }

    private sealed class Recording : IReconciler<V1Lease>
    {
        public HashSet<ObjectKey> Keys { get; } = [];

        public Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
        {
            Keys.Add(key);
            return Task.FromResult(ReconcileResult.Done);
        }
    }
}
