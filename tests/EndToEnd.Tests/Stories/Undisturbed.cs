using System.Text.Json.Nodes;
using IrisOperator.EndToEnd.Tests.Harness;
using IrisOperator.EndToEnd.Tests.Stories;

[assembly: AssemblyFixture(typeof(Undisturbed))]

namespace IrisOperator.EndToEnd.Tests.Stories;

/// <summary>The way that disturbed stories go too: train, serve with two replicas, change the seed, roll forward.</summary>
public sealed class Undisturbed
{
    private readonly Lock _gate = new();
    private Task<string>? _end;

    /// <summary>Its end; the way is gone once for all.</summary>
    public Task<string> GetAsync(Cluster cluster)
    {
        lock (_gate)
        {
            return _end ??= GoAsync(cluster);
        }
    }

    public static async Task StartFirstRunAsync(TestNamespace space)
    {
        await space.CreateIrisAsync();
        await space.ApplyAsync(Manifests.Training("iris", more: Manifests.LongRun));
        await space.ApplyAsync(Manifests.Model("iris", replicas: 2));
    }

    public static async Task FinishFirstRunAsync(TestNamespace space)
    {
        await space.WaitForRunAsync("iris", 1);
        await WaitUntilServedAsync(space, 1);
    }

    public static Task<string> RunAgainAsync(TestNamespace space) =>
        space.KubectlAsync("patch", "irt", "iris", "--type=merge", "--patch", """{"spec":{"evaluation":{"seed":7,"folds":5}}}""");

    public static async Task SettleAsync(TestNamespace space)
    {
        await space.WaitForRunAsync("iris", 2);
        await WaitUntilServedAsync(space, 2);
        await Eventually.TrueAsync("only the wanted pods", TimeSpan.FromSeconds(60), async cancellation =>
            (await space.ListAsync(Resource.Pods, cancellation)).Count(IsKeptPod) == 2,
            cancellation => space.ExplainAsync(Resource.Models, "iris", cancellation));
        await space.WaitUntilReadyAsync(Resource.Models, "iris");
    }

    private static async Task<string> GoAsync(Cluster cluster)
    {
        await using var space = await TestNamespace.CreateAsync(cluster, "undisturbed");
        await StartFirstRunAsync(space);
        await FinishFirstRunAsync(space);
        await RunAgainAsync(space);
        await SettleAsync(space);
        return await EndState.CaptureAsync(space);
    }

    // A pod that was deleted may stay listed for more than a minute, until the kubelet's next collection of containers.
    private static bool IsKeptPod(JsonObject pod) =>
        pod.At("metadata/labels")?["iris-operator.dev/model"] is not null && pod.At("metadata/deletionTimestamp") is null;

    private static Task<JsonObject> WaitUntilServedAsync(TestNamespace space, int run) =>
        space.WaitAsync(Resource.Models, "iris", $"run {run} served", TimeSpan.FromSeconds(90), model =>
            model.IsReady() && model.Number("status/model/run") == run && model.Number("status/readyReplicas") == 2);
}
