using System.Text.Json.Nodes;
using IrisOperator.Kube.Runtime;
using IrisOperator.Kube.Runtime.Caching;
using IrisOperator.Kube.Runtime.Controllers;
using IrisOperator.Kube.Runtime.Events;
using IrisOperator.Kube.Runtime.Leadership;
using IrisOperator.Testing.ControlPlane;
using Microsoft.Extensions.Logging.Abstractions;

namespace IrisOperator.ApiServer.Tests;

/// <summary>A small operator on the real thing: each Deployment gets a Service of its name.</summary>
public sealed class OperatorHostTests(ControlPlaneFixture fixture)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task children_are_made_repaired_and_told_about()
    {
        using var client = fixture.Plane.CreateClient();
        var ns = await fixture.CreateNamespaceAsync(client, Stop);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        using var host = Host(client, ns, null);
        var running = host.RunAsync(stop.Token);

        await client.ApplyAsync(KubeClientTests.Deployment(new ObjectKey(ns, "web")), new ApplyOptions("test"), Stop);
        var first = await ExistsAsync(client, new ObjectKey(ns, "web"), null);
        await client.DeleteAsync<V1Service>(first.Key(), new DeleteOptions { Uid = first.Metadata.Uid }, Stop);
        await ExistsAsync(client, new ObjectKey(ns, "web"), first.Metadata.Uid);

        KubeList<Corev1Event> events;
        do
        {
            events = await client.ListAsync<Corev1Event>(NamespaceScope.In(ns), null, Stop);
        }
        while (events.Items.Count == 0);
        Assert.Equal("ServiceApplied", events.Items[0].Reason);
        Assert.NotNull(events.Items[0].LastTimestamp);
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task second_replica_takes_over_at_once_after_an_orderly_stop()
    {
        using var client = fixture.Plane.CreateClient();
        var ns = await fixture.CreateNamespaceAsync(client, Stop);
        using var stopFirst = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        using var stopSecond = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        using var first = Host(client, ns, "first");
        var runningFirst = first.RunAsync(stopFirst.Token);
        await HolderAsync(client, ns, "first");
        using var second = Host(client, ns, "second");
        var runningSecond = second.RunAsync(stopSecond.Token);

        await stopFirst.CancelAsync();
        await runningFirst;
        await HolderAsync(client, ns, "second");
        await client.ApplyAsync(KubeClientTests.Deployment(new ObjectKey(ns, "web")), new ApplyOptions("test"), Stop);
        await ExistsAsync(client, new ObjectKey(ns, "web"), null);

        await stopSecond.CancelAsync();
        await runningSecond;
    }

    [Fact]
    public async Task leader_whose_lease_was_taken_ends()
    {
        using var client = fixture.Plane.CreateClient();
        var ns = await fixture.CreateNamespaceAsync(client, Stop);
        using var host = Host(client, ns, "first");
        var running = host.RunAsync(Stop);
        await HolderAsync(client, ns, "first");

        var thief = new JsonObject { ["spec"] = new JsonObject { ["holderIdentity"] = "thief" } };
        await client.PatchAsync<V1Lease>(new ObjectKey(ns, "lease"), thief, null, Stop);

        await Assert.ThrowsAsync<LeadershipLostException>(() => running);
    }

    [Fact]
    public async Task missing_permission_is_named()
    {
        using var stranger = fixture.Plane.CreateClient(fixture.Plane.ForUser("nobody"));
        var options = new OperatorHostOptions
        {
            Name = "test",
            Scope = NamespaceScope.In("default"),
            InitialSyncDeadline = TimeSpan.FromSeconds(1),
        };
        using var host = new OperatorHost(stranger, options, NullLoggerFactory.Instance, TimeProvider.System, () => 0.5);
        host.Store<V1Deployment>();

        var error = await Assert.ThrowsAsync<OperatorFailedException>(() => host.RunAsync(Stop));

        Assert.Contains(
            "cannot list resource \"deployments\" in API group \"apps\" in the namespace \"default\"",
            error.Message,
            StringComparison.Ordinal);
    }

    private static OperatorHost Host(KubeClient client, string ns, string? identity)
    {
        var options = new OperatorHostOptions
        {
            Name = "test.example/operator",
            Scope = NamespaceScope.In(ns),
            LeaderElection = identity is null ? null : new LeaderElectionOptions
            {
                Namespace = ns,
                LeaseName = "lease",
                Identity = identity,
                RetryPeriod = TimeSpan.FromMilliseconds(200),
            },
        };
        var host = new OperatorHost(client, options, NullLoggerFactory.Instance, TimeProvider.System, () => 0.5);
        host.AddController(
            "service", new ServiceReconciler(host.Client, host.Store<V1Deployment>(), host.Events), c => c.Owns<V1Service>());
        return host;
    }

    private static async Task<V1Service> ExistsAsync(KubeClient client, ObjectKey key, string? otherThan)
    {
        while (true)
        {
            if (await client.GetAsync<V1Service>(key, Stop) is { } found && found.Metadata.Uid != otherThan)
            {
                return found;
            }
        }
    }

    private static async Task HolderAsync(KubeClient client, string ns, string holder)
    {
        while ((await client.GetAsync<V1Lease>(new ObjectKey(ns, "lease"), Stop))?.Spec?.HolderIdentity != holder)
        {
            Stop.ThrowIfCancellationRequested();
        }
    }

    private sealed class ServiceReconciler(IKubeWriter writer, StoreReader<V1Deployment> deployments, EventRecorder events)
        : IReconciler<V1Deployment>
    {
        public async Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
        {
            if (deployments.Get(key) is not { } deployment)
            {
                return ReconcileResult.Done;
            }

            var service = new V1Service
            {
                Metadata = new V1ObjectMeta
                {
                    NamespaceProperty = key.Namespace,
                    Name = key.Name,
                    OwnerReferences = [deployment.ToControllerReference()],
                },
                Spec = new V1ServiceSpec { Ports = [new V1ServicePort { Name = "http", Port = 80, Protocol = "TCP" }] },
            };
            await writer.ApplyAsync(service, new ApplyOptions("test-operator"), cancellationToken);
            events.Publish(deployment, new EventNote("ServiceApplied", "the service is in place", "ApplyService"));
            return ReconcileResult.Done;
        }
    }
}
