using IrisOperator.EndToEnd.Tests.Harness;

namespace IrisOperator.EndToEnd.Tests.Stories;

/// <summary>Suspending stops the operator's hand, and nothing that serves.</summary>
public sealed class SuspendTests(Cluster cluster) : Story(cluster, "suspend")
{
    [Fact]
    public async Task a_suspended_training_starts_no_run_until_it_is_resumed()
    {
        await Space.CreateIrisAsync();
        await Space.ApplyAsync(Manifests.Training("iris", more: "suspend: true"));
        await Space.WaitAsync(Resource.Trainings, "iris", "Suspended", TimeSpan.FromSeconds(10), found => found.HasCondition("Suspended"));
        await Eventually.StaysTrueAsync("no Job", TimeSpan.FromSeconds(5), async cancellation =>
            (await Space.ListAsync(Resource.Jobs, cancellation)).Count == 0);

        await PatchAsync("irt", """{"spec":{"suspend":false}}""");

        var training = await Space.WaitUntilReadyAsync(Resource.Trainings, "iris");
        Assert.Equal(1, Assert.Single(training.Objects("status/runs")).Number("number"));
        Assert.False(training.HasCondition("Suspended"));
    }

    [Fact]
    public async Task suspending_a_running_training_removes_its_job_and_resuming_starts_the_same_run_again()
    {
        await Space.CreateIrisAsync();
        await Space.ApplyAsync(Manifests.Training("iris", more: Manifests.LongRun));
        await Space.WaitUntilTrainingAsync();
        await PatchAsync("irt", """{"spec":{"suspend":true}}""");
        await Eventually.TrueAsync("the Job is gone", TimeSpan.FromSeconds(20), async cancellation =>
            (await Space.ListAsync(Resource.Jobs, cancellation)).Count == 0);
        await Space.WaitAsync(Resource.Trainings, "iris", "Suspended", TimeSpan.FromSeconds(10), found => found.HasCondition("Suspended"));

        await PatchAsync("irt", """{"spec":{"suspend":false}}""");

        var training = await Space.WaitUntilReadyAsync(Resource.Trainings, "iris");
        Assert.Equal(1, Assert.Single(training.Objects("status/runs")).Number("number"));
    }

    [Fact]
    public async Task a_suspended_model_goes_on_serving_what_it_served()
    {
        await Space.CreateIrisAsync();
        await Space.ApplyAsync(Manifests.Training("iris"));
        await Space.ApplyAsync(Manifests.Model("iris"));
        await Space.WaitUntilReadyAsync(Resource.Models, "iris");
        var address = await Space.AddressAsync("iris");
        var first = await address.AskAsync();

        await PatchAsync("irm", """{"spec":{"suspend":true,"replicas":2}}""");
        await Space.WaitAsync(Resource.Models, "iris", "Suspended", TimeSpan.FromSeconds(10), found => found.HasCondition("Suspended"));
        await PatchAsync("irt", """{"spec":{"evaluation":{"seed":7}}}""");
        var second = (await Space.WaitForRunAsync("iris", 2)).LastRun().Text("modelDigest")!;
        await Eventually.StaysTrueAsync("one replica of the first run", TimeSpan.FromSeconds(5), async cancellation =>
            (await Space.GetAsync(Resource.Deployments, "iris", cancellation)).Number("spec/replicas") == 1);
        Assert.Equal(first, await address.AskAsync());

        await PatchAsync("irm", """{"spec":{"suspend":false}}""");
        await Space.WaitAsync(Resource.Models, "iris", "two replicas of the second run", TimeSpan.FromSeconds(60), found =>
            found.IsReady() && found.Number("status/readyReplicas") == 2 && found.Text("status/modelDigest") == second);
        await address.BecomesAsync(second);
    }

    [Fact]
    public async Task a_pinned_model_stays_on_its_run_and_follows_again_when_the_pin_is_taken_off()
    {
        await Space.CreateIrisAsync();
        await Space.ApplyAsync(Manifests.Training("iris"));
        await Space.ApplyAsync(Manifests.Model("iris").Replace("name: iris}}", "name: iris, run: 1}}", StringComparison.Ordinal));
        await Space.WaitUntilReadyAsync(Resource.Models, "iris");
        var address = await Space.AddressAsync("iris");
        var first = await address.AskAsync();

        await PatchAsync("irt", """{"spec":{"algorithm":{"name":"svm"}}}""");
        var second = (await Space.WaitForRunAsync("iris", 2)).LastRun().Text("modelDigest")!;
        await Eventually.StaysTrueAsync("run 1 is served", TimeSpan.FromSeconds(5), async cancellation =>
            (await Space.GetAsync(Resource.Models, "iris", cancellation)).Number("status/model/run") == 1);
        Assert.Equal(first, await address.AskAsync());

        await PatchAsync("irm", """{"spec":{"model":{"trainingRef":{"run":null}}}}""");
        await Space.WaitAsync(Resource.Models, "iris", "run 2 served", TimeSpan.FromSeconds(60), found =>
            found.IsReady() && found.Text("status/modelDigest") == second);
        await address.BecomesAsync(second);
    }

    private Task<string> PatchAsync(string kind, string patch) =>
        Space.KubectlAsync("patch", kind, "iris", "--type=merge", "--patch", patch);
}
