using System.Text.Json.Nodes;
using System.Text;
using IrisOperator.Kube.Runtime.Events;
using IrisOperator.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace IrisOperator.Kube.Runtime.Tests.Events;

public sealed class EventRecorderTests : IDisposable
{
    private readonly SingleThread _thread = new();
    private readonly ManualTimeProvider _time = new();
    private readonly EventServer _server = new();
    private readonly EventRecorder _recorder;

    public EventRecorderTests() => _recorder = new EventRecorder(_server, "iris-operator.dev/test", "pod-1", NullLogger.Instance, _time);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _thread.Dispose();

    [Fact]
    public async Task event_has_all_that_the_server_requires()
    {
        await _thread.EnterAsync();
        await RunAsync(() => _recorder.Publish(Leases.Lease("a", "1"), new EventNote("Trained", "done", "CreateJob")), 1);

        var made = Assert.Single(_server.Created);
        Assert.Equal("ns", made.Metadata.NamespaceProperty);
        Assert.StartsWith("a.", made.Metadata.Name, StringComparison.Ordinal);
        Assert.Equal(("Trained", "done", "CreateJob", "Normal"), (made.Reason, made.Message, made.Action, made.Type));
        Assert.Equal(("iris-operator.dev/test", "pod-1"), (made.ReportingComponent, made.ReportingInstance));
        Assert.Equal(("Lease", "uid-a"), (made.InvolvedObject.Kind, made.InvolvedObject.Uid));
        Assert.NotNull(made.EventTime);
    }

    [Fact]
    public async Task an_event_has_its_place_in_a_list_that_is_sorted_by_last_timestamp()
    {
        await _thread.EnterAsync();
        await RunAsync(() => _recorder.Publish(Leases.Lease("a", "1"), new EventNote("Trained", "done", "CreateJob")), 1);

        var made = Assert.Single(_server.Created);
        Assert.Equal((_time.GetUtcNow().UtcDateTime, made.FirstTimestamp), (made.LastTimestamp, made.LastTimestamp));
        Assert.Equal(1, made.Count);
    }

    [Fact]
    public async Task repetitions_become_a_count_at_most_every_half_minute()
    {
        await _thread.EnterAsync();
        var note = new EventNote("Waiting", "for the claim", "Wait");
        await RunAsync(
            () =>
            {
                for (var i = 0; i < 20; i++)
                {
                    _recorder.Publish(Leases.Lease("a", "1"), note);
                }
            },
            1);
        _time.Advance(TimeSpan.FromSeconds(31));
        await RunAsync(() => _recorder.Publish(Leases.Lease("a", "1"), note), 2);

        Assert.Single(_server.Created);
        Assert.Equal("""{"count":21,"lastTimestamp":"2026-01-01T00:00:31Z"}""", Assert.Single(_server.Patched));
    }

    [Fact]
    public async Task after_ten_minutes_an_event_is_new_again()
    {
        await _thread.EnterAsync();
        var note = new EventNote("Waiting", "for the claim", "Wait");
        await RunAsync(() => _recorder.Publish(Leases.Lease("a", "1"), note), 1);
        _time.Advance(TimeSpan.FromMinutes(11));
        await RunAsync(() => _recorder.Publish(Leases.Lease("a", "1"), note), 2);

        Assert.Equal(2, _server.Created.Count);
    }

    [Fact]
    public async Task flood_is_cut_to_its_burst()
    {
        await _thread.EnterAsync();
        await RunAsync(
            () =>
            {
                for (var i = 0; i < 300; i++)
                {
                    _recorder.Publish(Leases.Lease($"a{i}", "1"), new EventNote("R", "n", "A"));
                }
            },
            50);

        Assert.Equal(50, _server.Created.Count);
    }

    [Fact]
    public async Task refused_event_harms_nobody_and_is_tried_anew()
    {
        await _thread.EnterAsync();
        _server.Failure = Leases.Error(403, "Forbidden");
        await RunAsync(() => _recorder.Publish(Leases.Lease("a", "1"), new EventNote("R", "n", "A")), 1);
        _server.Failure = null;
        await RunAsync(() => _recorder.Publish(Leases.Lease("a", "1"), new EventNote("R", "n", "A")), 2);

        Assert.Single(_server.Created);
    }

    [Fact]
    public async Task long_note_is_cut_at_the_limit_of_the_server_between_characters()
    {
        await _thread.EnterAsync();
        var note = string.Concat(Enumerable.Repeat("ä🌸", 400));
        await RunAsync(() => _recorder.Publish(Leases.Lease("a", "1"), new EventNote("R", note, "A")), 1);

        var sent = _server.Created[0].Message!;
        Assert.InRange(Encoding.UTF8.GetByteCount(sent), 1000, 1024);
        Assert.DoesNotContain('\uFFFD', sent);
        Assert.EndsWith("…", sent, StringComparison.Ordinal);
    }

    // Everything published is in the channel already, so the recorder has handled it all when it has nothing left to read.
    private async Task RunAsync(Action publish, int calls)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        publish();
        var running = _recorder.RunAsync(stop.Token);
        await ManualTimeProvider.UntilAsync(() => _server.Calls >= calls);
        await ManualTimeProvider.SettleAsync();

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private sealed class EventServer : ClientStub
    {
        public List<Corev1Event> Created { get; } = [];

        public List<string> Patched { get; } = [];

        public int Calls { get; private set; }

        public Exception? Failure { get; set; }

        public override Task<T> CreateAsync<T>(T obj, CancellationToken cancellationToken = default)
        {
            Calls++;
            if (Failure is not null)
            {
                throw Failure;
            }

            Created.Add((Corev1Event)(object)obj);
            return Task.FromResult(obj);
        }

        public override Task<T> PatchAsync<T>(
            ObjectKey key, JsonObject patch, PatchOptions? options = null, CancellationToken cancellationToken = default)
        {
            Calls++;
            Patched.Add(patch.ToJsonString());
            return Task.FromResult((T)(object)Created[0]);
        }
    }
}
