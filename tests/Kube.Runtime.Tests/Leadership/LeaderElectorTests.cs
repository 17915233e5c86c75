using IrisOperator.Kube.Runtime.Leadership;
using IrisOperator.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace IrisOperator.Kube.Runtime.Tests.Leadership;

public sealed class LeaderElectorTests : IDisposable
{
    private static readonly TimeSpan _step = TimeSpan.FromMilliseconds(250);
    private readonly SingleThread _thread = new();
    private readonly ManualTimeProvider _time = new();
    private readonly LeaseServer _server = new();

    public void Dispose() => _thread.Dispose();

    [Fact]
    public async Task free_lease_is_taken_and_opens_the_gate()
    {
        await _thread.EnterAsync();
        var candidate = Start("a");
        await candidate.Leading;

        Assert.True(candidate.Gate.IsOpen);
        Assert.Equal("a", _server.Lease!.Spec!.HolderIdentity);
        Assert.Equal(15, _server.Lease.Spec.LeaseDurationSeconds);
        await candidate.FinishAsync();
    }

    [Fact]
    public async Task lease_is_renewed_while_the_work_runs()
    {
        await _thread.EnterAsync();
        var candidate = Start("a");
        await candidate.Leading;

        await PassAsync(TimeSpan.FromMinutes(2), () => Assert.True(candidate.Gate.IsOpen));

        Assert.False(candidate.Running.IsCompleted);
        Assert.True(_server.Requests.Count(verb => verb == "patch") > 50);
        await candidate.FinishAsync();
    }

    [Fact]
    public async Task dead_holder_is_replaced_within_seventeen_seconds()
    {
        await _thread.EnterAsync();
        _server.Put("dead");
        var candidate = Start("a");

        await _time.AdvanceUntilAsync(() => candidate.Leading.IsCompleted, _step, TimeSpan.FromSeconds(18));

        Assert.InRange(_time.Elapsed, TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(17.8));
        Assert.Equal(1, _server.Lease!.Spec!.LeaseTransitions);
        await candidate.FinishAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task steps_of_the_wall_clock_take_no_live_lease(int hours)
    {
        await _thread.EnterAsync();
        _server.Put("living");
        var candidate = Start("a");
        _time.WallClockError = TimeSpan.FromHours(hours);

        for (var i = 0; i < 30; i++)
        {
            await PassAsync(TimeSpan.FromSeconds(5));
            _server.Put("living");
        }

        Assert.False(candidate.Leading.IsCompleted);
        await candidate.StopAsync();
    }

    [Fact]
    public async Task without_renewal_leadership_ends_with_an_exception_and_the_work_is_cancelled()
    {
        await _thread.EnterAsync();
        var candidate = Start("a");
        await candidate.Leading;

        _server.Failure = new HttpRequestException("connection refused");
        await _time.AdvanceUntilAsync(() => candidate.Running.IsCompleted, _step, TimeSpan.FromSeconds(20));

        await Assert.ThrowsAsync<LeadershipLostException>(() => candidate.Running);
        Assert.True(candidate.Lost.IsCancellationRequested);
        Assert.False(candidate.Gate.IsOpen);
        Assert.Equal("a", _server.Lease!.Spec!.HolderIdentity);
    }

    [Fact]
    public async Task renewal_under_way_at_the_deadline_is_cancelled()
    {
        await _thread.EnterAsync();
        var candidate = Start("a");
        await candidate.Leading;

        _server.Hangs = true;
        await _time.AdvanceUntilAsync(() => candidate.Running.IsCompleted, _step, TimeSpan.FromSeconds(20));

        await Assert.ThrowsAsync<LeadershipLostException>(() => candidate.Running);
        Assert.Equal((0, 1), (_server.Hanging, _server.Cancelled));
        Assert.InRange(_time.Elapsed, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task gate_closes_by_the_clock_even_if_no_code_runs()
    {
        await _thread.EnterAsync();
        var candidate = Start("a");
        await candidate.Leading;
        _server.Hangs = true;

        // A frozen process: nothing of the elector has run yet, as nothing was awaited, when a worker wakes up and wants to write.
        _time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.True(candidate.Gate.IsOpen);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.False(candidate.Gate.IsOpen);
        Assert.False(candidate.Running.IsCompleted);

        await _time.AdvanceUntilAsync(() => candidate.Running.IsCompleted, _step, TimeSpan.FromSeconds(20));
        await Assert.ThrowsAsync<LeadershipLostException>(() => candidate.Running);
    }

    [Fact]
    public async Task lease_taken_by_another_ends_leadership_at_the_next_renewal()
    {
        await _thread.EnterAsync();
        var candidate = Start("a");
        await candidate.Leading;

        _server.Put("b");
        await _time.AdvanceUntilAsync(() => candidate.Running.IsCompleted, _step, TimeSpan.FromSeconds(10));

        var lost = await Assert.ThrowsAsync<LeadershipLostException>(() => candidate.Running);
        Assert.Contains("\"b\"", lost.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task deleted_lease_ends_leadership()
    {
        await _thread.EnterAsync();
        var candidate = Start("a");
        await candidate.Leading;

        _server.Remove();
        await _time.AdvanceUntilAsync(() => candidate.Running.IsCompleted, _step, TimeSpan.FromSeconds(10));

        await Assert.ThrowsAsync<LeadershipLostException>(() => candidate.Running);
    }

    [Fact]
    public async Task change_by_somebody_who_does_not_hold_it_is_no_loss()
    {
        await _thread.EnterAsync();
        var candidate = Start("a");
        await candidate.Leading;

        _server.Put("a");
        await PassAsync(TimeSpan.FromMinutes(1));

        Assert.False(candidate.Running.IsCompleted);
        await candidate.FinishAsync();
    }

    [Fact]
    public async Task lease_is_held_until_the_work_has_ended_and_then_released()
    {
        await _thread.EnterAsync();
        var candidate = Start("a");
        await candidate.Leading;

        // The stop comes, a pass hangs: a minute later the lease is still renewed.
        await candidate.Stopping.CancelAsync();
        await PassAsync(TimeSpan.FromMinutes(1), () => Assert.Equal("a", _server.Lease!.Spec!.HolderIdentity));

        await candidate.FinishAsync();
        Assert.Null(_server.Lease!.Spec!.HolderIdentity);
        Assert.False(candidate.Gate.IsOpen);
    }

    [Fact]
    public async Task work_that_failed_does_not_release()
    {
        await _thread.EnterAsync();
        var candidate = Start("a");
        await candidate.Leading;

        candidate.Work.SetException(new InvalidOperationException("a pass did not end"));

        await Assert.ThrowsAsync<InvalidOperationException>(() => candidate.Running);
        Assert.Equal("a", _server.Lease!.Spec!.HolderIdentity);
    }

    [Fact]
    public async Task released_lease_is_taken_at_once()
    {
        await _thread.EnterAsync();
        _server.Put(null);
        var candidate = Start("b");

        await candidate.Leading;

        Assert.Equal(TimeSpan.Zero, _time.Elapsed);
        await candidate.FinishAsync();
    }

    [Fact]
    public async Task two_candidates_never_write_at_the_same_time()
    {
        await _thread.EnterAsync();
        var (a, b) = (Start("a"), Start("b"));
        await Task.WhenAny(a.Leading, b.Leading);
        var (first, second) = a.Leading.IsCompleted ? (a, b) : (b, a);

        _server.Failure = new HttpRequestException("partition");
        await PassAsync(TimeSpan.FromSeconds(11), () => Assert.False(a.Gate.IsOpen && b.Gate.IsOpen));
        _server.Failure = null;
        for (var i = 0; i < 80 && !second.Leading.IsCompleted; i++)
        {
            await PassAsync(_step, () => Assert.False(a.Gate.IsOpen && b.Gate.IsOpen));
        }

        Assert.True(second.Leading.IsCompleted);
        await Assert.ThrowsAsync<LeadershipLostException>(() => first.Running);
        await second.FinishAsync();
    }

    [Fact]
    public async Task forbidden_lease_ends_the_process_and_names_the_verb()
    {
        await _thread.EnterAsync();
        _server.Failure = Leases.Error(403, "Forbidden");
        var candidate = Start("a");

        await _time.AdvanceUntilAsync(() => candidate.Running.IsCompleted, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(2));

        var error = await Assert.ThrowsAsync<OperatorFailedException>(() => candidate.Running);
        Assert.StartsWith("lease ns/lease cannot be used: ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith(_server.Failure.Message, error.Message, StringComparison.Ordinal);
    }

    private Candidate Start(string identity)
    {
        var options = new LeaderElectionOptions { Namespace = "ns", LeaseName = "lease", Identity = identity };
        var elector = new LeaderElector(_server, options, new LeadershipGate(_time), NullLogger.Instance, _time, () => 0.5);
        return new Candidate(elector);
    }

    private async Task PassAsync(TimeSpan span, Action? check = null)
    {
        var end = _time.Elapsed + span;
        await _time.AdvanceUntilAsync(
            () =>
            {
                check?.Invoke();
                return _time.Elapsed >= end;
            },
            _step,
            span + _step);
    }
}
