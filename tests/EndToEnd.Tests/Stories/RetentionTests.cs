using System.Text.Json.Nodes;
using IrisOperator.EndToEnd.Tests.Harness;

namespace IrisOperator.EndToEnd.Tests.Stories;

/// <summary>Old versions go from a real registry, but for those that a model uses, of whatever namespace.</summary>
public sealed class RetentionTests(Cluster cluster) : Story(cluster, "retention")
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(60);
    private readonly PublishedImages _images = new(cluster);

    [Fact]
    public async Task only_old_versions_that_nobody_uses_are_removed_and_none_by_a_dry_run()
    {
        await Space.CreateIrisAsync();
        await TrainAsync("publish: " + Publish());
        for (var run = 2; run <= 4; run++)
        {
            // Another number of rounds is another model.
            await TrainAsync("publish: " + Publish(), $"algorithm: {{parameters: {{rounds: \"{40 + run}\"}}}}");
            await Space.WaitForPublicationAsync("iris", run);
        }

        Assert.Equal(["1.0.0", "1.0.1", "1.0.2", "1.0.3"], await _images.VersionsAsync());
        await using var other = await TestNamespace.CreateAsync(Cluster, "retention-user");
        await other.ApplyAsync(Manifests.Follower("pinned", _images.Repository, "pin: 1.0.0"));
        await other.WaitUntilReadyAsync(Resource.Models, "pinned");

        var dry = await RetainAsync("retain: 2, retainDryRun: true");
        Assert.Equal(["1.0.1"], Texts(dry, "removable"));
        Assert.Equal(["1.0.0"], Texts(dry, "inUse"));
        Assert.Equal(["1.0.0", "1.0.1", "1.0.2", "1.0.3"], await _images.VersionsAsync());

        var real = await RetainAsync("retain: 2");
        Assert.Equal(["1.0.1"], Texts(real, "removed"));
        Assert.Equal(["1.0.0"], Texts(real, "inUse"));
        Assert.Equal(["1.0.0", "1.0.2", "1.0.3"], await _images.VersionsAsync());
        Assert.Equal(4, (await Space.ReadAsync(Resource.Trainings, "iris")).Number("status/run"));

        // What is kept can still be pulled, and no second Job follows the first.
        await other.KubectlAsync("delete", "pods", "--all");
        await other.WaitUntilReadyAsync(Resource.Models, "pinned");
        var before = await Space.ReadAsync(Resource.Trainings, "iris");
        await Eventually.StaysTrueAsync("nothing changes any more", TimeSpan.FromSeconds(5), async cancellation =>
            (await Space.GetAsync(Resource.Trainings, "iris", cancellation)).Text("metadata/resourceVersion")
                == before.Text("metadata/resourceVersion"));
    }

    public override async ValueTask DisposeAsync()
    {
        _images.Dispose();
        await base.DisposeAsync();
    }

    private string Publish(string more = "") =>
        $"{{repository: \"{_images.Repository}\", version: \"1.0\"{(more.Length == 0 ? "" : $", {more}")}}}";

    private async Task TrainAsync(params string[] more)
    {
        await Space.ApplyAsync(Manifests.Training("iris", more: more));
        await Space.WaitUntilReadyAsync(Resource.Trainings, "iris");
    }

    private async Task<JsonObject> RetainAsync(string more)
    {
        await TrainAsync("publish: " + Publish(more), "algorithm: {parameters: {rounds: \"44\"}}");
        var dryRun = more.Contains("retainDryRun", StringComparison.Ordinal);
        return await Space.WaitAsync(Resource.Trainings, "iris", more, Within, training =>
            training.Step("Prune").Text("state") == "Succeeded"
            && training.Text("status/retention/dryRun") == (dryRun ? "true" : null));
    }

    private static IEnumerable<string> Texts(JsonObject training, string list) =>
        (training.At($"status/retention/{list}") as JsonArray ?? []).Select(version => version!.ToString());
}
