using IrisOperator.EndToEnd.Tests.Harness;

namespace IrisOperator.EndToEnd.Tests.Stories;

/// <summary>The same name, deleted and made again at once, over and over: incarnations must not mix.</summary>
public sealed class ChurnTests(Cluster cluster) : Story(cluster, "churn")
{
    private const int Times = 15;

    [Fact]
    public async Task resources_that_are_made_again_at_once_end_with_the_children_of_the_last_one_only()
    {
        await Space.CreateIrisAsync();
        var both = Manifests.Training("iris") + "---\n" + Manifests.Model("iris");
        for (var i = 0; i < Times; i++)
        {
            await Space.ApplyAsync(both);
            await Space.KubectlAsync("delete", "irt/iris", "irm/iris", "--wait=false");
        }

        await Space.ApplyAsync(both);
        var training = await Space.WaitUntilReadyAsync(Resource.Trainings, "iris");
        var model = await Space.WaitUntilReadyAsync(Resource.Models, "iris");

        Assert.Equal(1, Assert.Single(training.Objects("status/runs")).Number("number"));
        await AssertOwnedAsync(Resource.Jobs, training.Text("metadata/uid")!);
        await AssertOwnedAsync(Resource.Deployments, model.Text("metadata/uid")!);
        await AssertOwnedAsync(Resource.Services, model.Text("metadata/uid")!);
        Assert.Equal(training.Text("status/modelDigest"), await (await Space.AddressAsync("iris")).AskAsync());
    }

    private async Task AssertOwnedAsync(Resource resource, string owner)
    {
        // The garbage collector removes the children of the others in its own time.
        await Eventually.TrueAsync($"one of {resource.Name}", TimeSpan.FromSeconds(60), async cancellation =>
            (await Space.ListAsync(resource, cancellation)).Count == 1);
        Assert.Equal(owner, Assert.Single(await Space.ListAsync(resource)).Text("metadata/ownerReferences/0/uid"));
    }
}
