using System.Text.Json.Nodes;
using IrisOperator.EndToEnd.Tests.Harness;
using IrisOperator.EndToEnd.Tests.Load;

namespace IrisOperator.EndToEnd.Tests.Stories;

/// <summary>What clients notice while the model behind the Service changes: nothing but the digest.</summary>
[Collection(SerialStories.Name)]
public sealed class RolloutUnderLoadTests(Cluster cluster) : Story(cluster, "rollout")
{
    private const int Settled = 300;

    [Fact]
    public async Task a_second_run_rolls_the_model_forward_and_a_pin_rolls_it_back_without_a_failed_request_or_an_unhealthy_answer()
    {
        var (first, address) = await ServeAsync();
        await using var load = LoadGenerator.Start(address);
        await load.WaitForMoreAsync(Settled);

        await Space.KubectlAsync("patch", "irt", "iris", "--type=merge", "--patch", """{"spec":{"evaluation":{"seed":7}}}""");
        var second = (await Space.WaitForRunAsync("iris", 2)).LastRun().Text("modelDigest")!;
        await WaitUntilServedAsync(run: 2, second);
        await load.WaitUntilOnlyAsync(second);
        var forward = await load.StopAsync();
        LoadAssert.NoneFailed(forward);
        LoadAssert.ChangedExactlyOnce(forward, first, second);

        await using var loadOfReturn = LoadGenerator.Start(address);
        await loadOfReturn.WaitForMoreAsync(Settled);
        await Space.KubectlAsync(
            "patch", "irm", "iris", "--type=merge", "--patch", """{"spec":{"model":{"trainingRef":{"name":"iris","run":1}}}}""");
        await WaitUntilServedAsync(run: 1, first);
        await loadOfReturn.WaitUntilOnlyAsync(first);
        var back = await loadOfReturn.StopAsync();
        LoadAssert.NoneFailed(back);
        LoadAssert.ChangedExactlyOnce(back, second, first);

        await Eventually.TrueAsync(
            "ending pods ended",
            TimeSpan.FromSeconds(120),
            async cancellation => (await PodsAsync(cancellation)).All(pod =>
                pod.At("metadata/deletionTimestamp") is null || pod.At("status/containerStatuses/0/state/terminated") is not null),
            async cancellation => string.Join('\n', (await PodsAsync(cancellation)).Select(pod => pod.ToJsonString())));
        Assert.Equal([], await UnhealthyAsync());
    }

    [Fact]
    public async Task a_repeated_run_a_deleted_pod_and_scaling_fail_no_request()
    {
        var (digest, address) = await ServeAsync();
        await using var load = LoadGenerator.Start(address);
        await load.WaitForMoreAsync(Settled);

        await Space.KubectlAsync("annotate", "irt", "iris", "iris-operator.dev/run=again");
        await Space.WaitForRunAsync("iris", 2);
        await WaitUntilServedAsync(run: 2, digest);

        var pod = (await PodsAsync(Cancellation)).First(pod => pod.At("metadata/deletionTimestamp") is null);
        await Space.KubectlAsync("delete", "pod", pod.NameOf());
        await Space.WaitUntilReadyAsync(Resource.Models, "iris");

        foreach (var replicas in new[] { 1, 3 })
        {
            await Space.KubectlAsync("scale", "irm/iris", $"--replicas={replicas}");
            await Space.WaitAsync(Resource.Models, "iris", $"{replicas} ready", TimeSpan.FromSeconds(60), model =>
                model.IsReady() && model.Number("status/readyReplicas") == replicas);
            await load.WaitForMoreAsync(Settled);
        }

        var answers = await load.StopAsync();
        LoadAssert.NoneFailed(answers);
        Assert.Equal([digest], answers.Select(answer => answer.Digest).Distinct());
    }

    [Fact]
    public async Task an_update_that_cannot_start_fails_no_request_and_neither_does_its_correction()
    {
        var (digest, address) = await ServeAsync();
        await using var load = LoadGenerator.Start(address);

        // A program that ends at once, and then an image that does not exist.
        var crashing = await TinyImage.PushAsync(Cluster.Registry, "exits-with-zero", "1.0.0", TinyImage.ExitsWithZero);
        foreach (var image in new[] { crashing, $"{Cluster.Registry}/no-such-server" })
        {
            await Space.KubectlAsync(
                "patch", "irm", "iris", "--type=merge", "--patch",
                $"{{\"spec\":{{\"image\":{{\"repository\":\"{image}\",\"version\":\"1.0.0\"}}}}}}");
            await Space.WaitAsync(Resource.Models, "iris", "not Ready", TimeSpan.FromSeconds(20), model =>
                model.IsObserved() && model.HasCondition("Ready", "False")
                && model.Condition("Ready").Text("message")!.Contains(image == crashing ? "exit code 0" : image, StringComparison.Ordinal)
                && model.Condition("Ready").Text("message")!.Contains(" serve", StringComparison.Ordinal));
            await load.WaitForMoreAsync(Settled);
        }

        await Space.KubectlAsync("patch", "irm", "iris", "--type=merge", "--patch", """{"spec":{"image":null}}""");
        await Space.WaitUntilReadyAsync(Resource.Models, "iris");
        await load.WaitForMoreAsync(Settled);
        var answers = await load.StopAsync();
        LoadAssert.NoneFailed(answers);
        Assert.Equal([digest], answers.Select(answer => answer.Digest).Distinct());
    }

    private async Task<IReadOnlyList<JsonObject>> PodsAsync(CancellationToken cancellationToken) =>
    [
        .. (await Space.ListAsync(Resource.Pods, cancellationToken))
            .Where(pod => pod.At("metadata/labels")?["iris-operator.dev/model"] is not null),
    ];

    // What a server answered. Kubelets before 1.22 also ask for up to a second after its end, and all do on a node so busy that it starts
    // slowly: then there is nobody to answer.
    private async Task<IReadOnlyList<string>> UnhealthyAsync() =>
    [
        .. (await Space.ListAsync(Resource.Events)).Where(e => e.Text("reason") == "Unhealthy")
            .Select(e => $"{e.Text("involvedObject/name")}: {e.Text("message")}")
            .Where(told => told.Contains("statuscode", StringComparison.Ordinal)),
    ];

    private async Task<(string Digest, ServingAddress Address)> ServeAsync()
    {
        await Space.CreateIrisAsync();
        await Space.ApplyAsync(Manifests.Training("iris"));
        await Space.ApplyAsync(Manifests.Model("iris", replicas: 3));
        await Space.WaitUntilReadyAsync(Resource.Models, "iris");
        var address = await Space.AddressAsync("iris");
        return (await address.AskAsync(), address);
    }

    private Task<JsonObject> WaitUntilServedAsync(int run, string digest) =>
        Space.WaitAsync(Resource.Models, "iris", $"run {run} served", TimeSpan.FromSeconds(90), model =>
            model.IsReady() && model.Number("status/model/run") == run && model.Text("status/modelDigest") == digest);
}
