using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using IrisOperator.EndToEnd.Tests.Harness;
using IrisOperator.EndToEnd.Tests.Load;

namespace IrisOperator.EndToEnd.Tests.Stories;

/// <summary>A version is tried on one pod beside two, behind the same Service, and judged by what that pod answered.</summary>
public sealed class CanaryTests(Cluster cluster) : VersionStory(cluster, "canary")
{
    // As many rows as a request may have.
    private static readonly string Batch = $$"""{"data":[{{string.Join(',', Enumerable.Repeat("[5.9,3.2,4.8,1.8]", 4096))}}]}""";

    [Fact]
    public async Task a_good_canary_is_promoted_under_traffic_without_a_failed_request()
    {
        var (first, address) = await ServeAsync("rollout: {canary: {replicas: 1, durationSeconds: 12, minRequests: 100}}");
        await using var load = LoadGenerator.Start(address);
        await load.WaitForMoreAsync(1000);

        await ChangeRowAsync();
        var second = (await Space.WaitForRunAsync("iris", 2)).LastRun().Text("modelDigest")!;
        var tried = await Space.WaitAsync(Resource.Models, "iris", "a canary that answers", TimeSpan.FromSeconds(60), model =>
            model.Number("status/canary/requests") >= 100);
        await AssertTriedBesideAsync(tried);

        await WaitUntilServedAsync("1.0.1");
        await AssertNoCanaryAsync();
        await load.WaitUntilOnlyAsync(second);
        var answers = await load.StopAsync();

        LoadAssert.NoneFailed(answers);
        Assert.Equal([first, second], answers.Select(answer => answer.Digest!).Distinct());
        var history = (await Space.ReadAsync(Resource.Models, "iris")).Objects("status/history");
        Assert.Equal(["1.0.0", "1.0.1"], history.Select(served => served.Text("version")!));
    }

    [Fact]
    public async Task a_canary_that_answers_too_late_under_traffic_is_rejected_and_the_good_version_goes_on()
    {
        Cluster.RequireLocal();
        var (first, address) = await ServeAsync(
            "server: {requestTimeoutSeconds: 1, resources: {limits: {memory: 512Mi}}}",
            "rollout: {canary: {weight: 50, durationSeconds: 600, maxErrorRate: \"0.1\", minRequests: 5}}");
        var generation = await GenerationAsync();
        await PushChangedAsync("1.0.1", ChangedModel.ThatIsSlow);
        await Space.WaitAsync(Resource.Models, "iris", "a canary that is ready", TimeSpan.FromSeconds(60), model =>
            model.IsReady() && model.At("status/canary/since") is not null);

        var late = 0;
        await Eventually.TrueAsync("1.0.1 rejected", TimeSpan.FromSeconds(90), async _ =>
        {
            var status = await AskBatchAsync(address.Url);
            Assert.Contains(status, new[] { 200, 503, 504 });
            late += status == 200 ? 0 : 1;
            return (await Space.ReadAsync(Resource.Models, "iris")).HasCondition("RolledBack");
        });
        // The pass that rejects comes before the one that chooses again.
        var model = await Space.WaitAsync(Resource.Models, "iris", "1.0.0 served instead", TimeSpan.FromSeconds(60), model =>
            model.IsReady() && model.Text("status/image/candidate/reason") == "Rejected");

        Assert.True(late > 0);
        Assert.Equal("1.0.0", model.Text("status/image/version"));
        var rejected = Assert.Single(model.Objects("status/rejected"));
        Assert.Equal("1.0.1", rejected.Text("version"));
        Assert.True(rejected.Text("reason") == "CanaryErrorRate", rejected.ToJsonString());
        await AssertNoCanaryAsync();
        Assert.Equal(generation, await GenerationAsync());
        await address.BecomesAsync(first);
    }

    [Fact]
    public async Task a_canary_that_crashes_is_rejected_without_a_failed_request()
    {
        var (_, address) = await ServeAsync("rollout: {autoRollback: false, canary: {replicas: 1}}");
        var generation = await GenerationAsync();
        await using var load = LoadGenerator.Start(address);
        await TinyImage.PushAsync(Cluster.Registry, ImageName, "1.0.1", TinyImage.ExitsWithZero);

        var model = await Space.WaitAsync(Resource.Models, "iris", "1.0.1 rejected", TimeSpan.FromSeconds(90), model =>
            model.IsReady() && model.HasCondition("RolledBack"));
        await load.WaitForMoreAsync(300);
        LoadAssert.NoneFailed(await load.StopAsync());

        Assert.Equal("CrashLoopBackOff", Assert.Single(model.Objects("status/rejected")).Text("reason"));
        await AssertNoCanaryAsync();
        Assert.Equal(generation, await GenerationAsync());
    }

    // A connection of its own: the Service chooses a pod by connection.
    private static async Task<int> AskBatchAsync(Uri url)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(30) };
        using var content = new StringContent(Batch, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using var response = await http.PostAsync(url, content, Cancellation);
        return (int)response.StatusCode;
    }

    // The version before is all that the other Deployment has meanwhile.
    private async Task AssertTriedBesideAsync(JsonObject model)
    {
        Assert.True(model.HasCondition("Ready") && model.HasCondition("Reconciling"));
        Assert.Equal("Canary", model.Condition("Ready").Text("reason"));
        Assert.Equal("1.0.0", model.Text("status/image/version"));
        Assert.Equal("Canary", model.Text("status/image/candidate/reason"));
        Assert.Equal("1.0.1", model.Text("status/canary/version"));
        Assert.Equal("0", model.Text("status/canary/errors"));
        Assert.Equal(model.Text("status/image/reference"), await ImageAsync("iris"));
        Assert.Equal(model.Text("status/canary/reference"), await ImageAsync("iris-canary"));
    }

    private Task AssertNoCanaryAsync() => Eventually.TrueAsync("no canary", TimeSpan.FromSeconds(20), async cancellation =>
        await Space.GetAsync(Resource.Deployments, "iris-canary", cancellation) is null
        && (await Space.ReadAsync(Resource.Models, "iris")).At("status/canary") is null);

    private async Task<string?> ImageAsync(string deployment) =>
        (await Space.ReadAsync(Resource.Deployments, deployment)).Text("spec/template/spec/containers/0/image");

    private async Task<string?> GenerationAsync() => (await Space.ReadAsync(Resource.Deployments, "iris")).Text("metadata/generation");
}
