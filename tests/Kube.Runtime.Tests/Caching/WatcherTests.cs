using IrisOperator.Kube.Runtime.Caching;
using IrisOperator.Testing;
using static IrisOperator.Kube.Runtime.Tests.Leases;
using State = IrisOperator.Kube.Runtime.Caching.WatcherState<k8s.Models.V1Lease>;

namespace IrisOperator.Kube.Runtime.Tests.Caching;

/// <summary>One test for each transition of the state machine, and one for hours of them.</summary>
public sealed class WatcherTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly ScriptedWatch _server = new();
    private readonly Watcher<V1Lease> _watcher;
    private double _jitter = 0.5;

    public WatcherTests() => _watcher = new Watcher<V1Lease>(_server, NamespaceScope.In("ns"), "a=b", null, _time, () => _jitter);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task empty_lists_and_goes_on_from_the_version_of_the_list()
    {
        _server.List("10", Lease("a", "7"));

        var step = await _watcher.StepAsync(new State.Empty(), Stop);

        Assert.Equal(WatcherEventType.Listed, step.Event!.Value.Type);
        Assert.Single(step.Event.Value.List!.Items);
        Assert.Equal(new State.Listed("10", "10"), step.Next);
    }

    [Fact]
    public async Task failed_list_waits_and_lists_again()
    {
        _server.ListFails(Error(403, "Forbidden"));

        var step = await _watcher.StepAsync(new State.Empty(), Stop);

        Assert.Equal("list_failed", step.Event!.Value.Failure!.Reason);
        Assert.StartsWith("list leases.coordination.k8s.io in ns:", step.Event.Value.Failure.Message, StringComparison.Ordinal);
        Assert.IsType<State.Empty>(Assert.IsType<State.Waiting>(step.Next).Next);
    }

    [Fact]
    public async Task delays_grow_but_stay_within_fifteen_seconds_however_often_it_fails()
    {
        _jitter = 0.999;
        var delays = new List<TimeSpan>();
        for (var i = 0; i < 200; i++)
        {
            delays.Add(((State.Waiting)(await _watcher.StepAsync(new State.Empty(), Stop)).Next).Delay);
        }

        Assert.True(delays[0] < TimeSpan.FromSeconds(0.3));
        Assert.True(delays[3] > delays[2]);
        Assert.All(delays, delay => Assert.True(delay <= TimeSpan.FromSeconds(15)));
    }

    [Theory]
    [InlineData(0, 240)]
    [InlineData(0.999, 299)]
    public async Task every_watch_has_a_time_limit_with_jitter(double jitter, int seconds)
    {
        _jitter = jitter;

        await ReadOneAsync(new State.Listed("10", "10"), Opened);

        Assert.Equal(seconds, (int)_server.Watches[0].Timeout.TotalSeconds);
        Assert.Equal("10", _server.Watches[0].ResourceVersion);
        Assert.Equal("a=b", _server.Watches[0].LabelSelector);
    }

    [Fact]
    public async Task opened_watch_is_told_as_connected()
    {
        var step = await ReadOneAsync(new State.Listed("10", "10"), Opened);

        Assert.Equal(WatcherEventType.Connected, step.Event!.Value.Type);
        Assert.IsType<State.Watching>(step.Next);
    }

    [Theory]
    [InlineData(WatchEventType.Added, WatcherEventType.Applied)]
    [InlineData(WatchEventType.Modified, WatcherEventType.Applied)]
    [InlineData(WatchEventType.Deleted, WatcherEventType.Deleted)]
    public async Task every_event_advances_the_version(WatchEventType type, WatcherEventType told)
    {
        var step = await ReadOneAsync(new State.Listed("10", "10"), Event(type, "a", "11"));

        Assert.Equal(told, step.Event!.Value.Type);
        Assert.Equal("a", step.Event.Value.Object!.Metadata.Name);
        var next = Assert.IsType<State.Watching>(step.Next);
        Assert.Equal(("11", "11"), (next.Version, next.Confirmed));
    }

    [Fact]
    public async Task bookmark_advances_the_version_but_confirms_nothing()
    {
        var step = await ReadOneAsync(new State.Listed("10", "10"), Bookmark("20"));

        Assert.Equal(WatcherEventType.Progress, step.Event!.Value.Type);
        var next = Assert.IsType<State.Watching>(step.Next);
        Assert.Equal(("20", "10"), (next.Version, next.Confirmed));
    }

    [Fact]
    public async Task watch_that_ended_in_time_goes_on_from_its_bookmark_at_once()
    {
        _server.Watch([Bookmark("20")]);
        var watching = await ConnectAsync();
        var step = await _watcher.StepAsync(watching, Stop);
        _time.Advance(TimeSpan.FromSeconds(250));
        _server.Current.Writer.Complete();

        step = await _watcher.StepAsync(step.Next, Stop);

        Assert.Null(step.Event);
        Assert.Equal(new State.Listed("20", "10"), step.Next);
    }

    [Fact]
    public async Task server_that_ends_watches_at_once_is_not_asked_at_once()
    {
        _server.Watch([], ends: true);

        var step = await _watcher.StepAsync(await ConnectAsync(), Stop);

        Assert.Equal("closed", step.Event!.Value.Failure!.Reason);
        Assert.Equal(new State.Listed("10", "10"), Assert.IsType<State.Waiting>(step.Next).Next);
    }

    [Fact]
    public async Task expired_version_in_the_stream_means_list_again()
    {
        var step = await ReadOneAsync(new State.Listed("10", "10"), Expired);

        Assert.Equal("expired", step.Event!.Value.Failure!.Reason);
        Assert.IsType<State.Empty>(Assert.IsType<State.Waiting>(step.Next).Next);
    }

    [Fact]
    public async Task expired_version_as_status_code_means_list_again()
    {
        _server.Watch([], breaks: Error(410, "Gone"));

        var step = await _watcher.StepAsync(await ConnectAsync(), Stop);

        Assert.Equal("expired", step.Event!.Value.Failure!.Reason);
        Assert.IsType<State.Empty>(Assert.IsType<State.Waiting>(step.Next).Next);
    }

    [Fact]
    public async Task undecodable_line_means_list_again()
    {
        var invalid = new WatchEvent<V1Lease> { Type = WatchEventType.Invalid, Invalid = new InvalidObject(null, null, "cut off") };

        var step = await ReadOneAsync(new State.Listed("10", "10"), invalid);

        Assert.Equal("invalid", step.Event!.Value.Failure!.Reason);
        Assert.IsType<State.Empty>(Assert.IsType<State.Waiting>(step.Next).Next);
    }

    [Fact]
    public async Task any_other_error_event_means_list_again()
    {
        var error = new WatchEvent<V1Lease> { Type = WatchEventType.Error, Status = new V1Status { Code = 500, Message = "etcd" } };

        var step = await ReadOneAsync(new State.Listed("10", "10"), error);

        Assert.Equal("watch_failed", step.Event!.Value.Failure!.Reason);
        Assert.IsType<State.Empty>(Assert.IsType<State.Waiting>(step.Next).Next);
    }

    [Fact]
    public async Task after_a_broken_connection_a_bookmark_is_not_trusted()
    {
        _server.Watch([Event(WatchEventType.Added, "a", "15"), Bookmark("20")], breaks: new IOException("reset"));
        State state = await ConnectAsync();
        state = (await _watcher.StepAsync(state, Stop)).Next;
        state = (await _watcher.StepAsync(state, Stop)).Next;

        var step = await _watcher.StepAsync(state, Stop);

        Assert.Equal("watch_failed", step.Event!.Value.Failure!.Reason);
        Assert.Equal(new State.Listed("15", "15"), Assert.IsType<State.Waiting>(step.Next).Next);
    }

    [Fact]
    public async Task silent_connection_is_given_up_after_twice_its_time_limit()
    {
        var reading = _watcher.StepAsync(await ConnectAsync(), Stop);

        _time.Advance(TimeSpan.FromSeconds(539));
        Assert.False(reading.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(2));
        var step = await reading;

        Assert.Equal("idle", step.Event!.Value.Failure!.Reason);
        Assert.Equal(new State.Listed("10", "10"), Assert.IsType<State.Waiting>(step.Next).Next);
    }

    [Fact]
    public async Task any_sign_of_life_restarts_the_watchdog()
    {
        State state = await ConnectAsync();
        for (var i = 0; i < 5; i++)
        {
            var reading = _watcher.StepAsync(state, Stop);
            _time.Advance(TimeSpan.FromSeconds(500));
            _server.Current.Writer.TryWrite(Bookmark($"{i + 11}"));
            var step = await reading;
            Assert.Equal(WatcherEventType.Progress, step.Event!.Value.Type);
            state = step.Next;
        }

        var last = _watcher.StepAsync(state, Stop);
        _time.Advance(TimeSpan.FromSeconds(541));
        Assert.Equal("idle", (await last).Event!.Value.Failure!.Reason);
    }

    [Fact]
    public async Task waiting_lets_the_delay_pass_then_goes_on()
    {
        var next = new State.Listed("10", "10");
        var waiting = _watcher.StepAsync(new State.Waiting(TimeSpan.FromSeconds(3), next), Stop);

        _time.Advance(TimeSpan.FromSeconds(2.9));
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Equal(next, (await waiting).Next);
    }

    [Fact]
    public async Task progress_resets_the_delay()
    {
        for (var i = 0; i < 10; i++)
        {
            await _watcher.StepAsync(new State.Empty(), Stop);
        }

        await ReadOneAsync(new State.Listed("10", "10"), Bookmark("11"));
        var step = await _watcher.StepAsync(new State.Empty(), Stop);

        Assert.True(((State.Waiting)step.Next).Delay < TimeSpan.FromSeconds(0.3));
    }

    [Fact]
    public async Task with_zero_objects_for_hours_the_first_one_is_still_seen()
    {
        _server.List("10");
        var seen = new TaskCompletionSource<string>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var running = Task.Run(
            async () =>
            {
                await foreach (var told in _watcher.RunAsync(stop.Token))
                {
                    if (told.Type == WatcherEventType.Applied)
                    {
                        seen.SetResult(told.Object!.Metadata.Name!);
                    }
                }
            },
            Stop);

        // Thirty watches that the server ends in time, without a single event: more than two hours.
        for (var i = 1; i <= 30; i++)
        {
            await _time.TimerAsync(TimeSpan.FromSeconds(480));
            var current = _server.Current;
            _time.Advance(TimeSpan.FromSeconds(270));
            current.Writer.Complete();
            await ManualTimeProvider.UntilAsync(() => _server.Watches.Count > i && !ReferenceEquals(_server.Current, current));
        }

        _server.Current.Writer.TryWrite(Event(WatchEventType.Added, "first", "11"));
        Assert.Equal("first", await seen.Task.WaitAsync(Stop));
        Assert.Equal(1, _server.Lists);
        Assert.True(_time.Elapsed > TimeSpan.FromHours(2));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private async Task<State.Watching> ConnectAsync() =>
        Assert.IsType<State.Watching>((await _watcher.StepAsync(new State.Listed("10", "10"), Stop)).Next);

    private async Task<WatcherStep<V1Lease>> ReadOneAsync(State.Listed from, WatchEvent<V1Lease> one)
    {
        _server.Watch([one]);
        return await _watcher.StepAsync((await _watcher.StepAsync(from, Stop)).Next, Stop);
    }
}
