using IrisOperator.EndToEnd.Tests.Harness;
using IrisOperator.EndToEnd.Tests.Load;

namespace IrisOperator.EndToEnd.Tests.Stories;

/// <summary>The base image is patched: the same model rolls out on it, and nothing is trained.</summary>
public sealed class RebaseTests(Cluster cluster) : Story(cluster, "rebase")
{
    // A base is looked at once a minute.
    private const int NoticedSeconds = 120;
    private readonly PublishedImages _images = new(cluster);

    [Fact]
    public async Task a_patched_base_rolls_out_under_the_same_model_without_a_run_or_a_failed_request()
    {
        var server = await new Operator(Cluster).ServingImageAsync(Cancellation);
        var first = await _images.PushBaseAsync(server, "1.0.0");
        await ServeAsync();
        var before = (await Space.ReadAsync(Resource.Trainings, "iris")).LastRun()!;
        Assert.Equal((first, "1.0.0"), (before.Text("publication/baseDigest"), before.Text("publication/version")));
        await using var load = LoadGenerator.Start(await Space.AddressAsync("iris"));
        await load.WaitForMoreAsync(300);

        var second = await _images.PushBaseAsync(server, "1.0.1");
        await Space.WaitUntilServedAsync("iris", "1.0.1", NoticedSeconds);
        await load.WaitForMoreAsync(300);
        var answers = await load.StopAsync();

        LoadAssert.NoneFailed(answers);
        Assert.Equal([before.Text("modelDigest")], answers.Select(answer => answer.Digest).Distinct());
        var training = await Space.ReadAsync(Resource.Trainings, "iris");
        var run = Assert.Single(training.Objects("status/runs"));
        Assert.Equal(
            (second, "1.0.1", "Published"),
            (run.Text("publication/baseDigest"), run.Text("publication/version"), run.Text("publication/state")));
        Assert.NotEqual(before.Text("publication/digest"), run.Text("publication/digest"));
        Assert.Equal(before.Text("modelDigest"), run.Text("modelDigest"));
        Assert.Equal(await _images.LayerAsync("1.0.0"), await _images.LayerAsync("1.0.1"));
        Assert.Equal(["1.0.0", "1.0.1"], await _images.VersionsAsync());
        Assert.True(training.HasCondition("Rebased"));
        Assert.Equal("Succeeded", training.Step("Rebase").Text("state"));
        Assert.Equal(second, (await Space.ReadAsync(Resource.Models, "iris")).Text("status/image/lineage/baseDigest"));
    }

    public override async ValueTask DisposeAsync()
    {
        _images.Dispose();
        await base.DisposeAsync();
    }

    private async Task ServeAsync()
    {
        await Space.CreateIrisAsync();
        await Space.ApplyAsync(Manifests.Training("iris", more:
            $"publish: {{repository: \"{_images.Repository}\", version: \"1.0\", rebase: true, "
            + $"base: {{repository: \"{_images.Bases}\", version: 1.x}}}}"));
        await Space.ApplyAsync(Manifests.Follower("iris", _images.Repository, "pollIntervalSeconds: 10", replicas: 2));
        await Space.WaitUntilServedAsync("iris", "1.0.0");
    }
}
