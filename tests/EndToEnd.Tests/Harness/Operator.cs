using System.Text.Json.Nodes;

namespace IrisOperator.EndToEnd.Tests.Harness;

/// <summary>The installed operator: its pods, its leader, its service account.</summary>
public sealed class Operator(Cluster cluster)
{
    private const string Labels = "?labelSelector=app.kubernetes.io%2Fname%3Diris-operator";

    public async Task<JsonObject> DeploymentAsync(CancellationToken cancellationToken) =>
        Assert.Single(await cluster.Api.ListAsync(Resource.Deployments.In(cluster.OperatorNamespace) + Labels, cancellationToken));

    public async Task<IReadOnlyList<JsonObject>> PodsAsync(CancellationToken cancellationToken) =>
        [.. (await cluster.Api.ListAsync(Resource.Pods.In(cluster.OperatorNamespace) + Labels, cancellationToken))
            .Where(pod => pod.At("metadata/deletionTimestamp") is null && pod.Text("status/phase") == "Running")];

    /// <summary>The server for resources that name none.</summary>
    public async Task<string> ServingImageAsync(CancellationToken cancellationToken) =>
        (await DeploymentAsync(cancellationToken))
            .Objects("spec/template/spec/containers/0/env")
            .Single(variable => variable.Text("name") == "IRIS_SERVING_IMAGE")
            .Text("value")!;

    public async Task<string> UserAsync(CancellationToken cancellationToken) =>
        $"system:serviceaccount:{cluster.OperatorNamespace}:"
        + (await DeploymentAsync(cancellationToken)).Text("spec/template/spec/serviceAccountName");

    /// <summary>The pod that holds the lease.</summary>
    public async Task<JsonObject?> LeaderAsync(CancellationToken cancellationToken)
    {
        var leases = await cluster.Api.ListAsync(Resource.Leases.In(cluster.OperatorNamespace), cancellationToken);
        var holder = Assert.Single(leases).Text("spec/holderIdentity");
        return string.IsNullOrEmpty(holder)
            ? null
            : (await PodsAsync(cancellationToken)).FirstOrDefault(pod => holder.StartsWith(pod.NameOf(), StringComparison.Ordinal));
    }

    public Task<JsonObject> WaitForLeaderAsync(TimeSpan within, string? otherThan = null) =>
        Eventually.GetAsync("an operator that leads", within, async cancellation =>
            await LeaderAsync(cancellation) is { } leader && leader.NameOf() != otherThan ? leader : null);

    public async Task WaitUntilWholeAsync()
    {
        await Kubectl.RunAsync(
            "rollout", "status", "deployment", "--namespace", cluster.OperatorNamespace, "--timeout=90s",
            "--selector=app.kubernetes.io/name=iris-operator");
        await WaitForLeaderAsync(TimeSpan.FromSeconds(30));
    }
}
