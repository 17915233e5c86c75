using System.Net;
using System.Text;
using IrisOperator.Kube.Runtime.Controllers;
using IrisOperator.Kube.Runtime.Events;
using IrisOperator.Operator.Reconciliation;
using Microsoft.Extensions.Logging.Abstractions;

namespace IrisOperator.Operator.Tests.Reconciliation;

public sealed class ReconcileLoopTests
{
    private static readonly V1Deployment Seen = new()
    {
        Metadata = new V1ObjectMeta { Name = "iris", NamespaceProperty = "ns", ResourceVersion = "1" },
    };

    private static readonly Plan<V1Deployment> WritesStatus =
        new() { Rule = "writes", Wanted = Seen with { Status = new V1DeploymentStatus { Replicas = 1 } } };

    private static readonly Plan<V1Deployment> GoesOn = new() { Rule = "goes_on", Wanted = Seen, ContinueImmediately = true };

    [Fact]
    public async Task a_stale_view_backs_off_instead_of_being_tried_four_times_a_second() =>
        Assert.Equal(ReconcileResult.BackOff, await RunAsync(WritesStatus));

    [Fact]
    public async Task a_chain_of_plans_without_end_backs_off() => Assert.Equal(ReconcileResult.BackOff, await RunAsync(GoesOn));

    [Fact]
    public void a_namespace_that_is_being_deleted_is_no_refusal_that_waits_for_the_user()
    {
        var causes = new[] { new V1StatusCause { Reason = "NamespaceTerminating" } };
        var error = new KubeApiException(new V1Status { Code = 403, Details = new V1StatusDetails { Causes = causes } });

        Assert.Null(ApiRejection.From(error, new DeleteStep<V1Job>(new ObjectKey("ns", "job"), null)));
    }

    private static async Task<ReconcileResult> RunAsync(Plan<V1Deployment> plan)
    {
        using var conflict = new Conflict();
        using var client = new KubeClient(new KubernetesClientConfiguration { Host = "http://api.test" }, handlers: conflict);
        var events = new EventRecorder(client, "iris-operator.dev/test", "pod", NullLogger.Instance, TimeProvider.System);
        return await ReconcileLoop.RunAsync(
            Seen,
            (owner, _) => Task.FromResult(owner),
            (_, _) => plan,
            new PlanExecutor(client, events, NullLogger<PlanExecutor>.Instance),
            TestContext.Current.CancellationToken);
    }

    private sealed class Conflict : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.Conflict)
            {
                Content = new StringContent("""{"kind":"Status","code":409,"reason":"Conflict"}""", Encoding.UTF8, "application/json"),
            });
    }
}
