using IrisOperator.Kube.Runtime.Caching;
using IrisOperator.Kube.Runtime.Controllers;
using IrisOperator.Kube.Runtime.Diagnostics;
using IrisOperator.Kube.Runtime.Leadership;
using IrisOperator.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Testing;
using static IrisOperator.Kube.Runtime.Tests.Leases;

namespace IrisOperator.Kube.Runtime.Tests.Controllers;

public sealed class ControllerTests : IDisposable, IReconciler<V1Lease>
{
    private readonly SingleThread _thread = new();
    private readonly ManualTimeProvider _time = new();
    private readonly Store<V1Lease> _store = new();
    private readonly List<ObjectKey> _passes = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _aborting = new();
    private readonly Controller<V1Lease> _controller;
    private Func<CancellationToken, Task<ReconcileResult>> _reconcile = _ => Task.FromResult(ReconcileResult.Done);

    public ControllerTests()
    {
        var settings = new ControllerBuilder<V1Lease>("test", null!).Workers(2);
        _controller = new Controller<V1Lease>(settings, _store, this, NullLogger.Instance, _time, () => 0.5);
        _controller.Subscribe();
    }

    public Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        _passes.Add(key);
        return _reconcile(cancellationToken);
    }

    public void Dispose()
    {
        _thread.Dispose();
        _controller.Dispose();
        _stopping.Dispose();
        _aborting.Dispose();
    }

    [Fact]
    public async Task new_leader_looks_at_everything()
    {
        await _thread.EnterAsync();
        _store.Replace([Lease("a", "1"), Lease("b", "2")]);
        var running = Run();

        await PassesAsync(2);

        Assert.Equal(["a", "b"], _passes.Select(key => key.Name).Order());
        await StopAsync(running);
    }

    [Fact]
    public async Task a_standby_queues_nothing_and_its_depth_is_zero()
    {
        await _thread.EnterAsync();
        Action<ObjectKey> signal = _ => { };
        var settings = new ControllerBuilder<V1Lease>("standby", null!).Signals(enqueue => signal = enqueue);
        using var standby = new Controller<V1Lease>(settings, _store, this, NullLogger.Instance, _time, () => 0.5);
        standby.Subscribe();

        _store.Replace([Lease("a", "1"), Lease("b", "2")]);
        _store.Delete(Key("a"));
        signal(Key("c"));
        Assert.Equal(0, RuntimeMetrics.QueueDepth.WithLabels("standby").Value);

        var running = standby.RunAsync(_stopping.Token, _aborting.Token);
        await PassesAsync(1);
        _store.Apply(Lease("d", "3"));
        await PassesAsync(2);
        Assert.Equal(["b", "d"], _passes.Select(key => key.Name));
        await StopAsync(running);
    }

    [Theory]
    [InlineData("refusal", false)]
    [InlineData("broken connection", false)]
    [InlineData("bug", true)]
    public async Task only_a_bug_is_logged_with_a_stack_trace(string failure, bool hasStack)
    {
        await _thread.EnterAsync();
        var log = new FakeLogger();
        using var controller = new Controller<V1Lease>(new ControllerBuilder<V1Lease>("log", null!), _store, this, log, _time, () => 0.5);
        _reconcile = _ => throw (failure switch
        {
            "refusal" => new KubeApiException(new V1Status { Code = 403, Message = "no right" }),
            "broken connection" => new HttpRequestException("connection refused"),
            _ => new InvalidOperationException("a bug"),
        });
        _store.Replace([Lease("a", "1")]);
        var running = controller.RunAsync(_stopping.Token, _aborting.Token);
        await PassesAsync(1);
        await StopAsync(running);

        var line = log.Collector.GetSnapshot().Single(record => record.Message.Contains("failed, next in", StringComparison.Ordinal));
        Assert.Equal((hasStack, hasStack ? LogLevel.Error : LogLevel.Warning), (line.Exception is not null, line.Level));
    }

    [Fact]
    public async Task deleted_object_gets_a_last_pass_and_no_resync()
    {
        await _thread.EnterAsync();
        _store.Replace([Lease("a", "1")]);
        var running = Run();
        await PassesAsync(1);

        _store.Delete(Key("a"));
        await PassesAsync(2);
        await SettleAsync();
        _time.Advance(TimeSpan.FromHours(2));

        await SettleAsync();
        Assert.Equal(2, _passes.Count);
        await StopAsync(running);
    }

    [Fact]
    public async Task resync_comes_without_any_event()
    {
        await _thread.EnterAsync();
        _store.Replace([Lease("a", "1")]);
        var running = Run();
        await PassesAsync(1);

        for (var i = 2; i <= 5; i++)
        {
            await _time.TimerAsync(TimeSpan.FromMinutes(9));
            _time.Advance(TimeSpan.FromMinutes(10.1));
            await PassesAsync(i);
        }

        await StopAsync(running);
    }

    [Fact]
    public async Task api_server_away_for_five_minutes_is_survived_and_found_within_two()
    {
        await _thread.EnterAsync();
        var down = true;
        _reconcile = _ => down ? throw new HttpRequestException("connection refused") : Task.FromResult(ReconcileResult.Done);
        _store.Replace([Lease("a", "1")]);
        var running = Run();
        await _time.AdvanceUntilAsync(() => _time.Elapsed > TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(6));

        down = false;
        var before = _passes.Count;
        await _time.AdvanceUntilAsync(() => _passes.Count > before, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(2.5));

        Assert.True(before > 8);
        await StopAsync(running);
    }

    [Fact]
    public async Task own_status_write_brings_no_reconcile()
    {
        await _thread.EnterAsync();
        _store.Replace([Lease("a", "1")]);
        var running = Run();
        await PassesAsync(1);

        _store.Apply(Lease("a", "2"));
        await SettleAsync();
        Assert.Single(_passes);

        var deleting = Lease("a", "3");
        deleting.Metadata.DeletionTimestamp = _time.GetUtcNow().UtcDateTime;
        _store.Apply(deleting);
        await PassesAsync(2);
        await StopAsync(running);
    }

    [Fact]
    public async Task new_spec_gets_a_prompt_pass_and_a_fresh_back_off()
    {
        await _thread.EnterAsync();
        _reconcile = _ => throw new InvalidOperationException("fails");
        _store.Replace([Lease("a", "1")]);
        var running = Run();
        await _time.AdvanceUntilAsync(() => _passes.Count >= 9, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));
        await SettleAsync();

        var before = _passes.Count;
        _store.Apply(Lease("a", "2", generation: 2));
        await PassesAsync(before + 1);
        await SettleAsync();
        _time.Advance(TimeSpan.FromMilliseconds(200));
        await PassesAsync(before + 2);

        await StopAsync(running);
    }

    [Fact]
    public async Task requested_time_is_kept()
    {
        await _thread.EnterAsync();
        _reconcile = _ => Task.FromResult(ReconcileResult.After(TimeSpan.FromSeconds(7)));
        _store.Replace([Lease("a", "1")]);
        var running = Run();
        await PassesAsync(1);
        await _time.TimerAsync(TimeSpan.FromSeconds(6));

        _time.Advance(TimeSpan.FromSeconds(6.9));
        await SettleAsync();
        Assert.Single(_passes);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        await PassesAsync(2);

        await StopAsync(running);
    }

    [Fact]
    public async Task stop_lets_a_running_pass_end_and_begins_no_other()
    {
        await _thread.EnterAsync();
        var release = new TaskCompletionSource<ReconcileResult>();
        _reconcile = _ => release.Task;
        _store.Replace([Lease("a", "1"), Lease("b", "1"), Lease("c", "1")]);
        var running = Run();
        await PassesAsync(2);

        await _stopping.CancelAsync();
        await SettleAsync();
        Assert.False(running.IsCompleted);
        release.SetResult(ReconcileResult.Done);

        await running;
        Assert.Equal(2, _passes.Count);
    }

    [Fact]
    public async Task lost_leadership_cancels_running_passes()
    {
        await _thread.EnterAsync();
        _reconcile = async token =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            return ReconcileResult.Done;
        };
        _store.Replace([Lease("a", "1")]);
        var running = Run();
        await PassesAsync(1);

        await _aborting.CancelAsync();
        await _stopping.CancelAsync();

        await running;
    }

    [Fact]
    public async Task a_key_whose_write_met_a_closed_gate_comes_again_when_a_late_renewal_opens_it()
    {
        await _thread.EnterAsync();
        _reconcile = _ => _passes.Count == 1 ? throw new NotLeadingException() : Task.FromResult(ReconcileResult.Done);
        _store.Replace([Lease("a", "1")]);
        var running = Run();
        await PassesAsync(1);
        await SettleAsync();

        _time.Advance(TimeSpan.FromSeconds(1));
        await PassesAsync(2);

        await StopAsync(running);
    }

    [Fact]
    public async Task a_worker_that_dies_ends_the_controller_instead_of_being_missing()
    {
        await _thread.EnterAsync();
        _reconcile = _ => throw new InsufficientMemoryException("no memory");
        _store.Replace([Lease("a", "1")]);

        var running = Run();

        await Assert.ThrowsAsync<InsufficientMemoryException>(() => running);
    }

    [Fact]
    public async Task a_view_that_stays_stale_is_tried_ever_more_rarely()
    {
        await _thread.EnterAsync();
        _reconcile = _ => Task.FromResult(ReconcileResult.BackOff);
        _store.Replace([Lease("a", "1")]);
        var running = Run();

        var end = TimeSpan.FromMinutes(10);
        await _time.AdvanceUntilAsync(() => _time.Elapsed >= end, TimeSpan.FromSeconds(1), end + TimeSpan.FromSeconds(1));

        Assert.InRange(_passes.Count, 10, 20);
        await StopAsync(running);
    }

    [Fact]
    public async Task a_namespace_that_is_being_deleted_is_no_error_and_brings_no_retry()
    {
        await _thread.EnterAsync();
        var causes = new[] { new V1StatusCause { Reason = "NamespaceTerminating" } };
        _reconcile = _ => throw new KubeApiException(new V1Status { Code = 403, Details = new V1StatusDetails { Causes = causes } });
        _store.Replace([Lease("a", "1")]);
        var running = Run();
        await PassesAsync(1);
        await SettleAsync();

        _time.Advance(TimeSpan.FromMinutes(5));
        await SettleAsync();

        Assert.Single(_passes);
        await StopAsync(running);
    }

    private Task Run() => _controller.RunAsync(_stopping.Token, _aborting.Token);

    private Task PassesAsync(int count) => ManualTimeProvider.UntilAsync(() => _passes.Count >= count);

    private static Task SettleAsync() => ManualTimeProvider.SettleAsync();

    private async Task StopAsync(Task running)
    {
        await _stopping.CancelAsync();
        await running;
    }
}
