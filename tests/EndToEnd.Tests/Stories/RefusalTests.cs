using IrisOperator.EndToEnd.Tests.Harness;

namespace IrisOperator.EndToEnd.Tests.Stories;

/// <summary>The API server does not let the operator do what it should: the status says so, and it goes on by itself later.</summary>
public sealed class RefusalTests(Cluster cluster) : Story(cluster, "refusal")
{
    [Fact]
    public async Task a_quota_without_jobs_is_named_and_the_training_runs_when_it_is_lifted()
    {
        await SetQuotaAsync("count/jobs.batch");
        await Space.CreateIrisAsync();
        await Space.ApplyAsync(Manifests.Training("iris"));

        var told = new Bad("QuotaExceeded", "Job", "exceeded quota");
        await Space.WaitAsync(Resource.Trainings, "iris", told.ToString(), Bad.Deadline, told.IsTold);

        await Space.KubectlAsync("delete", "quota", "none");
        var training = await Space.WaitUntilReadyAsync(Resource.Trainings, "iris", 45);
        Assert.Single(training.Objects("status/runs"));
    }

    [Fact]
    public async Task a_quota_without_deployments_is_named_and_the_model_is_served_when_it_is_lifted()
    {
        await SetQuotaAsync("count/deployments.apps");
        await Space.CreateIrisAsync();
        await Space.ApplyAsync(Manifests.Training("iris"));
        await Space.WaitUntilReadyAsync(Resource.Trainings, "iris");
        await Space.ApplyAsync(Manifests.Model("iris"));

        var told = new Bad("QuotaExceeded", "Deployment", "exceeded quota");
        await Space.WaitAsync(Resource.Models, "iris", told.ToString(), Bad.Deadline, told.IsTold);

        await Space.KubectlAsync("delete", "quota", "none");
        await Space.WaitUntilReadyAsync(Resource.Models, "iris", 45);
    }

    [Fact]
    public async Task a_quota_without_pods_shows_in_the_status_of_the_model()
    {
        await Space.CreateIrisAsync();
        await Space.ApplyAsync(Manifests.Training("iris"));
        await Space.WaitUntilReadyAsync(Resource.Trainings, "iris");
        await SetQuotaAsync("pods");
        await Space.ApplyAsync(Manifests.Model("iris"));

        var told = new Bad("FailedCreate", "exceeded quota");
        await Space.WaitAsync(Resource.Models, "iris", told.ToString(), Bad.Deadline, told.IsTold);
    }

    /// <summary>Waits until the quota controller has counted, for before that the quota lets things through.</summary>
    private async Task SetQuotaAsync(string resource)
    {
        await Space.KubectlAsync("create", "quota", "none", $"--hard={resource}=0");
        await Eventually.TrueAsync("the quota is in force", TimeSpan.FromSeconds(20), async cancellation =>
            (await Space.GetAsync(new Resource("resourcequotas", "/api/v1"), "none", cancellation)).At("status/hard") is not null);
    }
}
