using IrisOperator.Kube.Runtime.Events;
using IrisOperator.Operator.Api.V1Alpha1;
using IrisOperator.Operator.Reconciliation;
using IrisOperator.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Testing;
using static IrisOperator.Testing.ScriptedClient;

namespace IrisOperator.Operator.Tests.Reconciliation;

/// <summary>What the executor makes of each answer to each write: a refusal, a conflict, a lost one, and of a cache that lags.</summary>
public sealed class PlanExecutorTests
{
    private static readonly IrisModel Owner = Model("u", "7");

    // As the server has it: of the owner, of its deleted predecessor, of somebody else.
    private static readonly V1Job Ours = Job(Owner);
    private static readonly V1Job Predecessors = Job(Model("another", "1"));
    private static readonly V1Job Foreign = Job(null);

    private static readonly (string, object?) Fresh = ("metadata IrisModel iris", Owner);
    private static readonly (string, object?) Status = ("status IrisModel iris", Owner);

    /// <summary>Each step with the request that it makes, the owner's freshness asked for before those that must not repeat.</summary>
    private static readonly Dictionary<string, (PlanStep Step, string Request)> Steps = new()
    {
        ["Apply"] = (new ApplyStep<V1Job>(Ours, Observed: true), "force Job job"),
        ["ApplyNew"] = (new ApplyStep<V1Job>(Ours, Observed: false), "apply Job job"),
        ["Create"] = (new CreateStep<V1Job>(Ours), "create Job job"),
        ["CreateShared"] = (new CreateStep<V1Job>(Ours, Shared: true), "create Job job"),
        ["Delete"] = (new DeleteStep<V1Job>(Ours.Key(), "job-uid"), "delete Job job"),
        ["Patch"] = (new PatchStep<V1Job>(Ours, []), "patch Job job"),
    };

    public static TheoryData<string, int, string, string> Refusals =>
    [
        .. from step in Steps.Keys
           from refusal in new[]
           {
               (403, "no right", "Forbidden"), (403, "exceeded quota: pods", "QuotaExceeded"),
               (422, "bad", "ChildInvalid"), (400, "bad", "ChildInvalid"),
           }
           select (step, refusal.Item1, refusal.Item2, refusal.Item3),
    ];

    public static TheoryData<string> AllSteps => [.. Steps.Keys];

    public static TheoryData<string> StepsThatMustNotRepeat =>
        [.. Steps.Where(one => one.Value.Step.NeedsFreshOwner).Select(one => one.Key)];

    public static TheoryData<string, string?> Conflicts => new()
    {
        { "create: taken, get: ours", null },
        { "create: taken, get: predecessor", "WaitingForDeletion" },
        { "create: taken, get: foreign", "NameConflict" },
        { "create: taken, get: gone", null },
        { "apply: conflict, get: ours, force: ok", null },
        { "apply: conflict, get: predecessor", "WaitingForDeletion" },
        { "apply: conflict, get: foreign", "NameConflict" },
        { "apply: conflict, get: gone, force: ok", null },
        { "delete: conflict", null },
        { "delete: gone", null },
        { "patch: conflict", null },
        { "patch: missing", null },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task what_the_server_has_against_a_child_is_told_and_nothing_else_is_written(
        string step, int code, string message, string reason)
    {
        var client = Script(step, Refusal(code, "Refused", message));

        var outcome = await ExecuteAsync(client, Plan(Steps[step].Step, Steps["Apply"].Step));

        Assert.Equal((reason, true), (outcome.Rejection?.Reason, outcome.Rejection?.RequiresUserAction));
        Assert.Contains(message, outcome.Rejection!.Message, StringComparison.Ordinal);
        Assert.Empty(client.Left);
    }

    // Pods go first, all else some seconds later, and each child that was made again was a Stalled status and a warning.
    [Theory]
    [MemberData(nameof(AllSteps))]
    public async Task in_a_namespace_that_is_being_deleted_no_status_is_written_and_nothing_is_warned_of(string step)
    {
        var log = new FakeLogger<PlanExecutor>();
        var causes = new[] { new V1StatusCause { Reason = "NamespaceTerminating" } };
        var refusal = new KubeApiException(new V1Status { Code = 403, Details = new V1StatusDetails { Causes = causes } });
        var client = Script(step, refusal);

        var thrown = await Assert.ThrowsAsync<KubeApiException>(() => ExecuteAsync(client, Plan(Steps[step].Step), log: log));

        Assert.True(thrown.IsNamespaceTerminating);
        Assert.Empty(client.Left);
        Assert.DoesNotContain(log.Collector.GetSnapshot(), record => record.Level >= LogLevel.Warning);
    }

    [Theory]
    [MemberData(nameof(Conflicts))]
    public async Task a_conflict_at_a_child_is_settled_or_told(string answers, string? reason)
    {
        var requests = answers.Split(", ").Select(one => one.Split(": ")).ToArray();
        var step = requests[0][0] switch { "create" => "Create", "apply" => "ApplyNew", "delete" => "Delete", _ => "Patch" };
        var client = new ScriptedClient(
        [
            .. Steps[step].Step.NeedsFreshOwner ? [Fresh] : Array.Empty<(string, object?)>(),
            .. requests.Select(one => ($"{one[0]} Job job", Answer(one[1]))),
            .. reason is null ? [Status] : Array.Empty<(string, object?)>(),
        ]);

        var outcome = await ExecuteAsync(client, Plan(Steps[step].Step));

        Assert.Equal(reason, outcome.Rejection?.Reason);
        Assert.False(outcome.IsStale);
        Assert.Empty(client.Left);
    }

    [Fact]
    public async Task a_claim_that_is_there_serves_all_trainings_whoever_made_it()
    {
        var client = new ScriptedClient(Fresh, ("create Job job", Answer("taken")), Status);

        Assert.Null((await ExecuteAsync(client, Plan(Steps["CreateShared"].Step))).Rejection);
        Assert.Empty(client.Left);
    }

    // The server did it, and the connection broke. The next reconcile has the same view, and finds it done.
    [Theory]
    [InlineData("Apply", "force: ok")]
    [InlineData("ApplyNew", "apply: ok")]
    [InlineData("Create", "create: taken, get: ours")]
    [InlineData("CreateShared", "create: taken")]
    [InlineData("Delete", "delete: gone")]
    [InlineData("Patch", "patch: conflict")]
    public async Task a_write_whose_answer_was_lost_is_found_done_and_no_status_was_written_before(string step, string next)
    {
        var lost = Script(step, new HttpRequestException("lost", new IOException("reset by peer")));
        await Assert.ThrowsAsync<HttpRequestException>(() => ExecuteAsync(lost, Plan(Steps[step].Step)));
        Assert.Empty(lost.Left);

        var client = new ScriptedClient(
        [
            .. Steps[step].Step.NeedsFreshOwner ? [Fresh] : Array.Empty<(string, object?)>(),
            .. next.Split(", ").Select(one => one.Split(": ")).Select(one => ($"{one[0]} Job job", Answer(one[1]))),
            Status,
        ]);
        var outcome = await ExecuteAsync(client, Plan(Steps[step].Step));

        Assert.Equal((null, false), (outcome.Rejection, outcome.IsStale));
        Assert.Empty(client.Left);
    }

    [Fact]
    public async Task a_status_whose_answer_was_lost_is_not_written_twice()
    {
        var plan = Plan();
        await Assert.ThrowsAsync<IOException>(() => ExecuteAsync(new ScriptedClient(("status IrisModel iris", new IOException())), plan));

        // While the cache lags the version does not hold; when it has caught up there is nothing to write.
        var lagging = new ScriptedClient(("status IrisModel iris", Refusal(409, "Conflict")));
        Assert.True((await ExecuteAsync(lagging, plan)).IsStale);
        var written = Owner with { Status = plan.Wanted.Status };
        Assert.False((await ExecuteAsync(new ScriptedClient(), plan, written)).IsStale);
    }

    [Theory]
    [MemberData(nameof(StepsThatMustNotRepeat))]
    public async Task a_stale_cache_lets_nothing_be_created_or_deleted(string step)
    {
        foreach (var live in new[] { null, Model("u", "8"), Model("another", "7") })
        {
            var client = new ScriptedClient(("metadata IrisModel iris", live));

            Assert.True((await ExecuteAsync(client, Plan(Steps[step].Step))).IsStale);
            Assert.Empty(client.Left);
        }
    }

    [Fact]
    public void what_is_created_or_deleted_asks_for_the_live_owner_first() =>
        Assert.Equal(["Create", "CreateShared", "Delete"], StepsThatMustNotRepeat.Select(row => row.Data));

    [Theory]
    [InlineData(409, "Conflict")]
    [InlineData(404, "NotFound")]
    public async Task a_status_is_written_only_onto_the_version_it_was_decided_on_and_events_follow_it(int code, string reason)
    {
        var (log, plan) = (new FakeLogger<PlanExecutor>(), Plan());
        var client = new ScriptedClient(("status IrisModel iris", Refusal(code, reason)));

        Assert.True((await ExecuteAsync(client, plan, log: log)).IsStale);
        Assert.Equal("7", (string?)client.Statuses.Single()["metadata"]!["resourceVersion"]);
        Assert.DoesNotContain(log.Collector.GetSnapshot(), record => record.Level == LogLevel.Information);
    }

    // The log never said how a run ended.
    [Fact]
    public async Task each_change_of_how_an_object_stands_is_one_line_of_the_log()
    {
        var log = new FakeLogger<PlanExecutor>();

        await ExecuteAsync(new ScriptedClient(Status), Plan(), log: log);

        var line = Assert.Single(log.Collector.GetSnapshot(), record => record.Level == LogLevel.Information);
        Assert.Equal("IrisModel ns/iris: Accepted: run 1 was accepted", line.Message);
    }

    private static ScriptedClient Script(string step, object? answer) => new(
        [.. Steps[step].Step.NeedsFreshOwner ? [Fresh] : Array.Empty<(string, object?)>(), (Steps[step].Request, answer)]);

    private static object? Answer(string word) => word switch
    {
        "ok" => Ok,
        "ours" => Ours,
        "predecessor" => Predecessors,
        "foreign" => Foreign,
        "taken" => Refusal(409, "AlreadyExists"),
        "conflict" => Refusal(409, "Conflict"),
        "missing" => Refusal(404, "NotFound"),
        "gone" => null,
        _ => throw new ArgumentException(word),
    };

    private static Task<PlanOutcome<IrisModel>> ExecuteAsync(
        ScriptedClient client, Plan<IrisModel> plan, IrisModel? seen = null, FakeLogger<PlanExecutor>? log = null)
    {
        var events = new EventRecorder(client, "iris-operator.dev/test", "pod", NullLogger.Instance, TimeProvider.System);
        return new PlanExecutor(client, events, log ?? new FakeLogger<PlanExecutor>())
            .ExecuteAsync(seen ?? Owner, plan, TestContext.Current.CancellationToken);
    }

    private static Plan<IrisModel> Plan(params PlanStep[] steps) => new()
    {
        Rule = "test",
        Steps = steps,
        Wanted = Owner with { Status = new IrisModelStatus { Replicas = 1 } },
        Events = [new EventNote("Accepted", "run 1 was accepted", "test")],
    };

    private static IrisModel Model(string uid, string version) => new()
    {
        Metadata = new V1ObjectMeta { Name = "iris", NamespaceProperty = "ns", Uid = uid, ResourceVersion = version },
        Spec = new IrisModelSpec(),
    };

    private static V1Job Job(IrisModel? owner) => new()
    {
        Kind = "Job",
        Metadata = new V1ObjectMeta
        {
            Name = "job",
            NamespaceProperty = "ns",
            Uid = "job-uid",
            OwnerReferences = owner is null ? null : [owner.ToControllerReference()],
        },
    };
}
