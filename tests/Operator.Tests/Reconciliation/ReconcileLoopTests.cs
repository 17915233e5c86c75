using System.Text.Json.Nodes;
using IrisOperator.Kube.Runtime.Controllers;
using IrisOperator.Kube.Runtime.Events;
using IrisOperator.Operator.Api.V1Alpha1;
using IrisOperator.Operator.Reconciliation;
using IrisOperator.Operator.Serving;
using IrisOperator.Operator.Training;
using IrisOperator.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace IrisOperator.Operator.Tests.Reconciliation;

public sealed class ReconcileLoopTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private static readonly IrisModel Seen = new()
    {
        Metadata = new V1ObjectMeta { Name = "iris", NamespaceProperty = "ns", Uid = "u", ResourceVersion = "1", Generation = 3 },
        Spec = new IrisModelSpec(),
    };

    private static readonly Plan<IrisModel> WritesStatus =
        new() { Rule = "writes", Wanted = Seen with { Status = new IrisModelStatus { Replicas = 1 } } };

    private static readonly Plan<IrisModel> GoesOn = new() { Rule = "goes_on", Wanted = Seen, ContinueImmediately = true };

    private static readonly Plan<IrisModel> Applies =
        new() { Rule = "applies", Wanted = Seen, Steps = [new ApplyStep<V1Service>(Service(), Observed: true)] };

    [Fact]
    public async Task a_stale_view_backs_off_instead_of_being_tried_four_times_a_second() => Assert.Equal(
        ReconcileResult.BackOff,
        await RunAsync(new ScriptedClient(("status IrisModel iris", ScriptedClient.Refusal(409, "Conflict"))), _ => WritesStatus));

    [Fact]
    public async Task a_chain_of_plans_without_end_backs_off() =>
        Assert.Equal(ReconcileResult.BackOff, await RunAsync(new ScriptedClient(), _ => GoesOn));

    [Fact]
    public async Task what_the_server_has_against_a_child_is_decided_on_at_once()
    {
        var client = new ScriptedClient(
            ("force Service iris", ScriptedClient.Refusal(403, "Forbidden", "exceeded quota")), ("status IrisModel iris", Seen));

        await RunAsync(client, rejection => rejection?.Reason == "QuotaExceeded" ? WritesStatus : Applies);

        Assert.Empty(client.Left);
    }

    // limits.memory "99999999999E" threw in every pass.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task an_object_that_brings_a_bug_to_light_gets_a_status_once_and_the_bug_is_counted_and_thrown(bool afterRejection)
    {
        var seen = Seen with
        {
            Status = new IrisModelStatus
            {
                Replicas = 2,
                Conditions = [new V1Condition { Type = "VersionResolved", Status = "True", Reason = "Resolved", Message = "as it was" }],
            },
        };
        var refusal = ("force Service iris", (object?)ScriptedClient.Refusal(422, "Invalid"));
        (string, object?)[] before = afterRejection ? [refusal] : [];
        var client = new ScriptedClient([.. before, ("status IrisModel iris", seen)]);
        var counted = Count();

        await Assert.ThrowsAsync<OverflowException>(() => RunAsync(client, Decide, seen));

        var status = Assert.Single(client.Statuses)["status"]!;
        var conditions = status["conditions"]!.AsArray().ToDictionary(one => (string)one!["type"]!);
        Assert.Equal(("False", "InternalError"), (Text(conditions["Ready"], "status"), Text(conditions["Ready"], "reason")));
        Assert.Equal("True", Text(conditions["Stalled"], "status"));
        Assert.Contains("bug (OverflowException)", Text(conditions["Ready"], "message"), StringComparison.Ordinal);
        Assert.Equal("as it was", Text(conditions["VersionResolved"], "message"));
        Assert.False(status.AsObject().ContainsKey("replicas"), "the rest of the status was changed");
        Assert.Equal((3, counted + 1), ((int)status["observedGeneration"]!, Count()));

        // With what was written nothing is left to write: the script is at its end.
        var written = ModelDecider.Fail(seen, Bug(client.Statuses[0]), Now).Wanted;
        var again = new ScriptedClient(before);
        await Assert.ThrowsAsync<OverflowException>(() => RunAsync(again, Decide, written));

        Plan<IrisModel> Decide(Problem? rejection) => afterRejection && rejection is null
            ? Applies with { Wanted = seen }
            : throw new OverflowException("of 99999999999E");
    }

    [Fact]
    public void a_training_that_brings_a_bug_to_light_keeps_its_runs()
    {
        var run = new TrainingRun { Number = 1, JobName = "iris-1", InputsHash = "h", State = RunState.Accepted };
        var training = new IrisTraining
        {
            Metadata = Seen.Metadata,
            Spec = new IrisTrainingSpec { Dataset = new DatasetSource() },
            Status = new IrisTrainingStatus { Run = 1, Runs = [run] },
        };

        var plan = TrainingDecider.Fail(training, new ReadyStatus(Readiness.Stalled, Reasons.InternalError, "a bug"), Now);

        Assert.Equal(run, Assert.Single(plan.Wanted.Status!.Runs!));
        Assert.Equal((3, 1), (plan.Wanted.Status.ObservedGeneration, plan.Wanted.Status.Run));
        Assert.Equal("InternalError", Assert.Single(plan.Events).Reason);
    }

    private static double Count() => OperatorMetrics.InternalErrors.WithLabels("IrisModel").Value;

    private static string? Text(JsonNode? condition, string field) => (string?)condition![field];

    private static ReadyStatus Bug(JsonObject patch) => new(
        Readiness.Stalled,
        Reasons.InternalError,
        Text(patch["status"]!["conditions"]!.AsArray().Single(one => Text(one, "type") == "Ready"), "message")!);

    private static V1Service Service() => new() { Metadata = new V1ObjectMeta { Name = "iris", NamespaceProperty = "ns" } };

    private static Task<ReconcileResult> RunAsync(ScriptedClient client, Func<Problem?, Plan<IrisModel>> decide, IrisModel? seen = null)
    {
        var events = new EventRecorder(client, "iris-operator.dev/test", "pod", NullLogger.Instance, TimeProvider.System);
        return ReconcileLoop.RunAsync(
            seen ?? Seen,
            (owner, _) => Task.FromResult(owner),
            (_, rejection) => decide(rejection),
            (model, ready) => ModelDecider.Fail(model, ready, Now),
            new PlanExecutor(client, events, NullLogger<PlanExecutor>.Instance),
            TestContext.Current.CancellationToken);
    }
}
