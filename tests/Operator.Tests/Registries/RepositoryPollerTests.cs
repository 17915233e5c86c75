using IrisOperator.Operator.Reconciliation;
using IrisOperator.Operator.Registries;
using IrisOperator.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace IrisOperator.Operator.Tests.Registries;

/// <summary>One look for all followers, at intervals, at once when woken, and never more often than promised.</summary>
public sealed class RepositoryPollerTests : IDisposable
{
    private const string Iris = "registry.test/iris";
    private const string Kind = "IrisModel";
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);
    private static readonly FoundImage One = new("1.0.0", "sha256:1");
    private static readonly FoundImage Two = new("1.0.1", "sha256:2");

    private readonly SingleThread _thread = new();
    private readonly ManualTimeProvider _time = new();
    private readonly FakeLogger<RepositoryPoller> _log = new();
    private readonly Registry _registry = new();
    private readonly List<Subscriber> _subscribers = [];
    private readonly List<string> _changed = [];
    private readonly RepositoryPoller _poller;
    private int _hides;

    public RepositoryPollerTests()
    {
        _registry.Now = () => _time.Elapsed;
        _poller = new RepositoryPoller(_registry, SubscribersOf, _log, _time, () => 0.5);
        _poller.Subscribe(Kind, key => _changed.Add(key.Name));
    }

    public void Dispose() => _thread.Dispose();

    [Fact]
    public async Task hundred_subscribers_share_one_look_at_the_shortest_interval()
    {
        await _thread.EnterAsync();
        _subscribers.AddRange(Enumerable.Range(0, 100).Select(i =>
            new Subscriber(Kind, new ObjectKey("ns", $"m{i}"), ["1.x"], TimeSpan.FromSeconds(i == 7 ? 60 : 300))));
        _registry.Answer = _ => One;

        await RunAsync(TimeSpan.FromMinutes(10));

        Assert.Equal(10, _registry.Looks.Count);
        Assert.Equal(100, _changed.Count);
        Assert.Equal(new ImageView(One), _poller.Observe(new(Iris, "1.x")));
    }

    [Fact]
    public async Task a_new_version_reaches_its_subscribers_once()
    {
        await _thread.EnterAsync();
        Follow("1.x");
        _registry.Answer = _ => _registry.Looks.Count < 3 ? One : Two;

        await RunAsync(TimeSpan.FromMinutes(5));

        Assert.Equal(["m0", "m0"], _changed);
        Assert.Equal(Two, _poller.Observe(new(Iris, "1.x")).Found);
    }

    [Fact]
    public async Task a_notification_is_followed_at_once()
    {
        await _thread.EnterAsync();
        Follow("1.x");
        _registry.Answer = _ => One;

        await RunAsync(TimeSpan.FromSeconds(40), at: (TimeSpan.FromSeconds(20), () => Assert.True(_poller.Trigger("iris"))));

        Assert.Equal(2, _registry.Looks.Count);
        Assert.InRange(_registry.Looks[1], TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(20.5));
        Assert.False(_poller.Trigger("other"));
        Assert.False(_poller.Trigger("test/iris"));
    }

    [Fact]
    public async Task a_storm_of_notifications_makes_at_most_two_looks_a_second()
    {
        await _thread.EnterAsync();
        Follow("1.x");
        _registry.Answer = _ => One;

        await RunAsync(TimeSpan.FromSeconds(10), each: () => _poller.Trigger("iris"));

        Assert.InRange(_registry.Looks.Count, 2, 21);
    }

    [Fact]
    public async Task a_registry_that_is_down_keeps_what_was_found_and_is_asked_again_within_twenty_seconds()
    {
        await _thread.EnterAsync();
        Follow("1.x");
        _registry.Answer = _ => _time.Elapsed < TimeSpan.FromSeconds(30) || _time.Elapsed > TimeSpan.FromSeconds(630) ? One : throw Down();

        await RunAsync(TimeSpan.FromSeconds(600));
        Assert.Equal(One, _poller.Observe(new(Iris, "1.x")).Found);
        Assert.Equal("RegistryUnreachable", _poller.Observe(new(Iris, "1.x")).Problem?.Reason);
        Assert.Equal(["m0", "m0"], _changed);
        var gaps = _registry.Looks.Zip(_registry.Looks.Skip(2).Append(_time.Elapsed), (one, next) => next - one).Skip(1);
        Assert.All(gaps, gap => Assert.InRange(gap, TimeSpan.Zero, TimeSpan.FromSeconds(62)));
        Assert.InRange(_registry.Looks.Count, 20, 60);

        await RunAsync(TimeSpan.FromSeconds(60), begun: true);
        Assert.Equal(new ImageView(One), _poller.Observe(new(Iris, "1.x")));
        Assert.Equal(["m0", "m0", "m0"], _changed);
    }

    [Fact]
    public async Task a_registry_that_asks_for_a_pause_gets_it()
    {
        await _thread.EnterAsync();
        Follow("1.x");
        _registry.Answer = _ =>
            throw new ImageSourceException(new Problem("RegistryRateLimited", "429", false), true, TimeSpan.FromSeconds(90));

        await RunAsync(TimeSpan.FromSeconds(200));

        Assert.Equal(3, _registry.Looks.Count);
    }

    [Fact]
    public async Task a_registry_that_asks_for_an_endless_pause_is_asked_again_after_ten_minutes()
    {
        await _thread.EnterAsync();
        Follow("1.x");
        _registry.Answer = _ =>
            throw new ImageSourceException(new Problem("RegistryRateLimited", "429", false), true, TimeSpan.MaxValue);

        await RunAsync(TimeSpan.FromMinutes(11));

        Assert.Equal(2, _registry.Looks.Count);
    }

    [Fact]
    public async Task a_follower_that_comes_as_the_last_one_goes_is_not_forgotten()
    {
        await _thread.EnterAsync();
        Follow("1.x");
        _registry.Answer = _ => One;
        // Counted as none twice, when the interval is checked and before the next look, and then there: as if it had come in between.
        _hides = 2;

        await RunAsync(TimeSpan.FromSeconds(50));

        Assert.Equal(2, _registry.Looks.Count);
        Assert.Equal(["m0", "m0"], _changed);
    }

    [Fact]
    public async Task another_version_of_a_known_repository_is_looked_up_at_once()
    {
        await _thread.EnterAsync();
        Follow("1.x");
        _registry.Answer = version => version == "1.x" ? Two : One;

        await RunAsync(TimeSpan.FromSeconds(10), at: (TimeSpan.FromSeconds(5), () =>
        {
            Follow("1.0.0");
            Assert.Equal(ImageView.Pending, _poller.Observe(new(Iris, "1.0.0")));
        }
        ));

        Assert.Equal(new ImageView(One), _poller.Observe(new(Iris, "1.0.0")));
        Assert.Equal(2, _registry.Looks.Count);
    }

    [Fact]
    public async Task a_repository_without_subscribers_is_forgotten()
    {
        await _thread.EnterAsync();
        Follow("1.x");
        _registry.Answer = _ => One;

        await RunAsync(TimeSpan.FromMinutes(10), at: (TimeSpan.FromSeconds(90), _subscribers.Clear));

        Assert.Equal(2, _registry.Looks.Count);
        Assert.False(_poller.Trigger("iris"));
    }

    [Fact]
    public async Task each_kind_hears_of_its_own_subscribers()
    {
        await _thread.EnterAsync();
        var trainings = new List<string>();
        _poller.Subscribe("IrisTraining", key => trainings.Add(key.Name));
        Follow("1.x");
        _subscribers.Add(new Subscriber("IrisTraining", new ObjectKey("ns", "t"), ["1.x"], TimeSpan.FromSeconds(60)));
        _registry.Answer = _ => One;

        await RunAsync(TimeSpan.FromSeconds(30));

        Assert.Single(_registry.Looks);
        Assert.Equal(["m0"], _changed);
        Assert.Equal(["t"], trainings);
    }

    [Fact]
    public async Task no_match_is_told_as_such()
    {
        await _thread.EnterAsync();
        Follow("2.x");
        _registry.Answer = _ => null;

        await RunAsync(TimeSpan.FromSeconds(1));

        var view = _poller.Observe(new(Iris, "2.x"));
        Assert.Null(view.Found);
        Assert.Equal("NoMatchingVersion", view.Problem?.Reason);
        Assert.Contains("\"2.x\"", view.Problem!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_shorter_interval_counts_before_the_current_wait_is_over()
    {
        await _thread.EnterAsync();
        _subscribers.Add(new Subscriber(Kind, new ObjectKey("ns", "daily"), ["1.x"], TimeSpan.FromDays(1)));
        _registry.Answer = _ => _time.Elapsed < TimeSpan.FromMinutes(5) ? One : Two;

        await RunAsync(TimeSpan.FromMinutes(10), at: (TimeSpan.FromMinutes(6), () => Follow("1.x", seconds: 10)));

        Assert.Equal(Two, _poller.Observe(new(Iris, "1.x")).Found);
        Assert.InRange(_registry.Looks[1], TimeSpan.FromMinutes(6), TimeSpan.FromMinutes(6) + RepositoryPoller.IntervalCheck);
        Assert.InRange(_registry.Looks.Count, 20, 26);
    }

    [Theory]
    [InlineData(false, 60)]
    [InlineData(true, 20)]
    public async Task refused_credentials_are_not_sent_more_often_than_good_ones(bool isTransient, int seconds)
    {
        await _thread.EnterAsync();
        Follow("1.x");
        _registry.Answer = _ => throw new ImageSourceException(new Problem("RegistryUnauthorized", "401", true), isTransient);

        await RunAsync(TimeSpan.FromMinutes(10));
        var (last, before) = (_registry.Looks[^1], _registry.Looks[^2]);
        Assert.InRange(last - before, TimeSpan.FromSeconds(0.7 * seconds), TimeSpan.FromSeconds(1.1 * seconds));

        var looks = _registry.Looks.Count;
        _poller.TriggerAll();
        await RunAsync(TimeSpan.FromSeconds(2), begun: true);
        Assert.Equal(looks + 1, _registry.Looks.Count);
    }

    [Fact]
    public async Task a_look_that_throws_what_nobody_foresaw_is_told_and_does_not_end_the_looks()
    {
        await _thread.EnterAsync();
        Follow("1.x");
        _registry.Answer = _ => _registry.Looks.Count switch { 1 => One, 2 => throw new InvalidOperationException("a bug"), _ => Two };

        await RunAsync(TimeSpan.FromSeconds(59));
        await RunAsync(TimeSpan.FromSeconds(1.5), begun: true);
        Assert.Equal(One, _poller.Observe(new(Iris, "1.x")).Found);
        Assert.Equal("PollFailed", _poller.Observe(new(Iris, "1.x")).Problem?.Reason);

        await RunAsync(TimeSpan.FromSeconds(5), begun: true);
        Assert.Equal(new ImageView(Two), _poller.Observe(new(Iris, "1.x")));
        Assert.Equal("a bug", Assert.Single(_log.Collector.GetSnapshot(), record => record.Level == LogLevel.Error).Exception?.Message);
    }

    [Fact]
    public async Task a_bug_outside_of_a_look_ends_the_work_instead_of_one_repository_unseen()
    {
        await _thread.EnterAsync();
        Follow("1.x");
        _registry.Answer = _ => One;
        _poller.Subscribe(Kind, _ => throw new InvalidOperationException("a bug"));
        var running = _poller.RunAsync(TestContext.Current.CancellationToken);
        _poller.Observe(new(Iris, "1.x"));

        Assert.Equal("a bug", (await Assert.ThrowsAsync<InvalidOperationException>(() => running)).Message);
    }

    private List<Subscriber> SubscribersOf(string repository) =>
        repository == Iris && (_registry.Looks.Count != 1 || _hides-- <= 0) ? _subscribers : [];

    private static ImageSourceException Down() => new(new Problem("RegistryUnreachable", "no connection", false), isTransient: true);

    private void Follow(string version, int seconds = 60) =>
        _subscribers.Add(new Subscriber(Kind, new ObjectKey("ns", $"m{_subscribers.Count}"), [version], TimeSpan.FromSeconds(seconds)));

    private async Task RunAsync(TimeSpan span, (TimeSpan When, Action What)? at = null, Action? each = null, bool begun = false)
    {
        if (!begun)
        {
            _ = _poller.RunAsync(TestContext.Current.CancellationToken);
            _poller.Observe(new(Iris, _subscribers[0].Versions[0]));
        }

        var end = _time.Elapsed + span;
        await _time.AdvanceUntilAsync(
            () =>
            {
                each?.Invoke();
                if (at is { } moment && _time.Elapsed >= moment.When)
                {
                    at = null;
                    moment.What();
                }

                return _time.Elapsed >= end;
            },
            Step,
            span + Step);
    }

    private sealed class Registry : IImageSource
    {
        public Func<TimeSpan> Now { get; set; } = () => TimeSpan.Zero;

        public Func<string, FoundImage?> Answer { get; set; } = _ => null;

        public List<TimeSpan> Looks { get; } = [];

        public Task<IReadOnlyDictionary<string, ImageView>> GetVersionsAsync(
            string repository,
            IReadOnlyCollection<string> versions,
            IReadOnlyDictionary<string, FoundImage> known,
            CancellationToken cancellationToken)
        {
            Looks.Add(Now());
            return Task.FromResult<IReadOnlyDictionary<string, ImageView>>(
                versions.ToDictionary(version => version, version => new ImageView(Answer(version))));
        }
    }
}
