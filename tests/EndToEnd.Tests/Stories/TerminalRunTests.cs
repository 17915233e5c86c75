using IrisOperator.EndToEnd.Tests.Harness;

namespace IrisOperator.EndToEnd.Tests.Stories;

/// <summary>A run that was recorded stays recorded, whatever becomes of its Job.</summary>
public sealed class TerminalRunTests(Cluster cluster) : Story(cluster, "terminal")
{
    [Fact]
    public async Task deleting_the_finished_job_starts_no_new_training()
    {
        await Space.CreateIrisAsync();
        await Space.ApplyAsync(Manifests.Training("iris"));
        await Space.WaitUntilReadyAsync(Resource.Trainings, "iris");
        await Space.ApplyAsync(Manifests.Model("iris"));
        await Space.WaitUntilReadyAsync(Resource.Models, "iris");
        var recorded = (await Space.ReadAsync(Resource.Trainings, "iris")).At("status")!.ToJsonString();

        await Space.KubectlAsync("delete", "jobs", "--all");
        // Reasons to reconcile that are no reasons to train.
        await Space.KubectlAsync("label", "irt", "iris", "team=flowers");
        await Space.KubectlAsync("delete", "deployment", "iris");
        await Space.WaitUntilReadyAsync(Resource.Models, "iris");
        await Eventually.StaysTrueAsync("no Job", TimeSpan.FromSeconds(10), async cancellation =>
            (await Space.ListAsync(Resource.Jobs, cancellation)).Count == 0);

        Assert.Equal(recorded, (await Space.ReadAsync(Resource.Trainings, "iris")).At("status")!.ToJsonString());
    }
}
