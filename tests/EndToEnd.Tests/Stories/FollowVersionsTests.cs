using System.Text.Json.Nodes;
using IrisOperator.EndToEnd.Tests.Harness;
using IrisOperator.EndToEnd.Tests.Load;

namespace IrisOperator.EndToEnd.Tests.Stories;

/// <summary>
/// A training publishes versions, a model follows them; what fails is taken back while the version before answers everything.
/// </summary>
public sealed class FollowVersionsTests(Cluster cluster) : VersionStory(cluster, "versions")
{
    [Fact]
    public async Task a_changed_row_becomes_a_version_that_rolls_out_without_a_failed_request()
    {
        var (first, address) = await ServeAsync();
        await using var load = LoadGenerator.Start(address);
        await load.WaitForMoreAsync(3000);

        await ChangeRowAsync();
        var run = (await Space.WaitForPublicationAsync("iris", 2)).LastRun()!;
        Assert.Equal("1.0.1", run.Text("publication/version"));
        await WaitUntilServedAsync("1.0.1");
        await load.WaitUntilOnlyAsync(run.Text("modelDigest")!);
        await Eventually.TrueAsync("10,000 requests", TimeSpan.FromSeconds(120), _ => Task.FromResult(load.Answered >= 10_000));
        var answers = await load.StopAsync();

        LoadAssert.NoneFailed(answers);
        LoadAssert.ChangedExactlyOnce(answers, first, run.Text("modelDigest")!);
        Assert.Equal(["1.0.0", "1.0.1"], await Images.VersionsAsync());
        await AssertLineageAsync(run);
    }

    [Fact]
    public async Task the_same_model_again_publishes_nothing()
    {
        await ServeAsync();

        await Space.KubectlAsync("annotate", "irt", "iris", "iris-operator.dev/run=again");

        var training = await Space.WaitForPublicationAsync("iris", 2);
        Assert.Equal("Unchanged", training.LastRun().Text("publication/state"));
        Assert.Equal("1.0.0", training.LastRun().Text("publication/version"));
        Assert.Equal(["1.0.0"], await Images.VersionsAsync());
    }

    [Fact]
    public async Task a_version_whose_pods_never_get_ready_is_taken_back()
    {
        await ServeAsync("rollout: {progressDeadlineSeconds: 15}");
        await TinyImage.PushAsync(Cluster.Registry, ImageName, "1.0.1", TinyImage.Sleeps);
        await AssertTakenBackAsync("1.0.1", "ProgressDeadlineExceeded");
    }

    [Fact]
    public async Task a_version_that_crashes_is_taken_back_and_a_newer_one_is_taken()
    {
        await ServeAsync();
        await TinyImage.PushAsync(Cluster.Registry, ImageName, "1.0.1", TinyImage.ExitsWithZero);
        await AssertTakenBackAsync("1.0.1", "CrashLoopBackOff");

        await ChangeRowAsync();
        Assert.Equal("1.0.2", (await Space.WaitForPublicationAsync("iris", 2)).LastRun().Text("publication/version"));
        var model = await WaitUntilServedAsync("1.0.2");
        Assert.False(model.HasCondition("RolledBack", "True"));
    }

    [Fact]
    public async Task a_version_whose_manifest_lies_about_a_blob_is_taken_back()
    {
        Cluster.RequireLocal();
        await ServeAsync();
        await Images.PushSpoiltAsync(on: "1.0.0", to: "1.0.1");
        await AssertTakenBackAsync("1.0.1", "ImagePullBackOff");
    }

    [Fact]
    public async Task a_version_that_answers_its_golden_requests_wrongly_is_taken_back()
    {
        Cluster.RequireLocal();
        await ServeAsync();
        await PushChangedAsync("1.0.1", ChangedModel.WithWrongAnswer);

        await AssertTakenBackAsync("1.0.1", "ModelLoadFailed", "golden sample 1 of ");
    }

    [Fact]
    public async Task hold_pin_and_rollback_stay_until_they_are_taken_away()
    {
        await ServeAsync();
        await PatchAsync("""{"spec":{"image":{"hold":true}}}""");
        await ChangeRowAsync();
        await Space.WaitForRunAsync("iris", 2);
        var held = await Space.WaitAsync(Resource.Models, "iris", "held with a candidate", TimeSpan.FromSeconds(20), model =>
            model.IsReady() && model.Text("status/image/candidate/version") == "1.0.1" && model.Text("status/image/version") == "1.0.0");
        Assert.Equal("Held", held.Text("status/image/candidate/reason"));

        await PatchAsync("""{"spec":{"image":{"hold":false}}}""");
        await WaitUntilServedAsync("1.0.1");
        await Space.KubectlAsync("annotate", "irm", "iris", "iris-operator.dev/rollback-to=1.0.0");
        Assert.Equal("RolledBackTo", (await WaitUntilServedAsync("1.0.0")).Text("status/image/candidate/reason"));
        await Space.KubectlAsync("annotate", "irm", "iris", "iris-operator.dev/rollback-to-");
        await WaitUntilServedAsync("1.0.1");
        await PatchAsync("""{"spec":{"image":{"pin":"1.0.0"}}}""");
        Assert.Equal("Pinned", (await WaitUntilServedAsync("1.0.0")).Text("status/image/candidate/reason"));
    }

    private async Task AssertTakenBackAsync(string version, string reason, string message = "")
    {
        var address = await Space.AddressAsync("iris");
        await using var load = LoadGenerator.Start(address);
        var model = await Space.WaitAsync(Resource.Models, "iris", $"{version} rejected", TimeSpan.FromSeconds(90), model =>
            model.IsReady() && model.HasCondition("RolledBack"));
        await load.WaitForMoreAsync(300);
        LoadAssert.NoneFailed(await load.StopAsync());

        Assert.Equal("1.0.0", model.Text("status/image/version"));
        var rejected = Assert.Single(model.Objects("status/rejected"));
        Assert.Equal(version, rejected.Text("version"));
        Assert.Equal(reason, rejected.Text("reason"));
        Assert.Contains(message, rejected.Text("message"), StringComparison.Ordinal);
        Assert.Equal("Rejected", model.Text("status/image/candidate/reason"));
    }

    private async Task AssertLineageAsync(JsonObject run)
    {
        var lineage = (await Space.ReadAsync(Resource.Models, "iris")).At("status/image/lineage");
        Assert.Equal(run.Text("modelDigest"), lineage.Text("modelDigest"));
        Assert.Equal(run.Text("datasetDigest"), lineage.Text("datasetDigest"));
        Assert.Equal(run.Text("metrics/accuracy"), lineage.Text("metrics/accuracy"));
        Assert.Equal($"{Space.Name}/iris", lineage.Text("training"));
        Assert.Equal(run.Text("publication/baseDigest"), lineage.Text("baseDigest"));
        Assert.Equal("42", lineage.Text("seed"));
        Assert.StartsWith("sha256:", lineage.Text("trainerDigest"), StringComparison.Ordinal);
    }
}
