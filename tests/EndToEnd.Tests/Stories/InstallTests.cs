using IrisOperator.EndToEnd.Tests.Harness;

namespace IrisOperator.EndToEnd.Tests.Stories;

/// <summary>The chart as a whole: its own test, and what is left when it is taken away.</summary>
[Collection(SerialStories.Name)]
public sealed class InstallTests(Cluster cluster) : Story(cluster, "install")
{
    private readonly Installation _installation = new(cluster);

    [Fact]
    public async Task helm_test_passes()
    {
        await _installation.HelmAsync("test", Installation.Release, "--timeout", "90s");
    }

    [Fact]
    public async Task uninstalling_keeps_kinds_resources_claims_and_what_serves_and_installing_again_adopts_them()
    {
        await Space.CreateIrisAsync();
        await Space.ApplyAsync(Manifests.Training("iris"));
        await Space.ApplyAsync(Manifests.Model("iris"));
        await Space.WaitUntilReadyAsync(Resource.Models, "iris");
        var address = await Space.AddressAsync("iris");
        var first = await address.AskAsync();
        var values = await _installation.ValuesAsync();

        await _installation.HelmAsync("uninstall", Installation.Release, "--wait");
        try
        {
            Assert.Equal(first, await address.AskAsync());
            Assert.Single((await Space.ReadAsync(Resource.Trainings, "iris")).Objects("status/runs"));
            await Space.ReadAsync(Resource.Models, "iris");
            await Space.ReadAsync(Resource.Claims, "iris-models");
            // Nobody is left who would look at it, and nothing is left that would stop it: there is no finalizer.
            await Space.ApplyAsync(Manifests.Training("nobody"));
            await Space.KubectlAsync("delete", "irt", "nobody", "--timeout=10s");
        }
        finally
        {
            await _installation.ApplyAsync(values);
        }

        await Space.KubectlAsync("patch", "irt", "iris", "--type=merge", "--patch", """{"spec":{"evaluation":{"seed":7}}}""");
        var second = (await Space.WaitForRunAsync("iris", 2)).LastRun().Text("modelDigest");
        await Space.WaitAsync(Resource.Models, "iris", "run 2 served", TimeSpan.FromSeconds(60), found =>
            found.IsReady() && found.Text("status/modelDigest") == second);
    }

    [Fact]
    public async Task deleting_a_training_keeps_its_models_and_what_serves()
    {
        await Space.CreateIrisAsync();
        await Space.ApplyAsync(Manifests.Training("iris"));
        await Space.ApplyAsync(Manifests.Model("iris"));
        await Space.WaitUntilReadyAsync(Resource.Models, "iris");
        var address = await Space.AddressAsync("iris");
        var digest = await address.AskAsync();

        await Space.KubectlAsync("delete", "irt", "iris", "--timeout=20s");

        await Space.WaitAsync(Resource.Models, "iris", "Ready with the reason TrainingNotFound", Bad.Deadline, found =>
            found.IsReady() && found.Condition("Ready")!.Text("reason") == "TrainingNotFound");
        await Eventually.TrueAsync("the Job is gone", TimeSpan.FromSeconds(20), async cancellation =>
            (await Space.ListAsync(Resource.Jobs, cancellation)).Count == 0);
        await Space.ReadAsync(Resource.Claims, "iris-models");
        Assert.Equal(digest, await address.AskAsync());
    }
}
