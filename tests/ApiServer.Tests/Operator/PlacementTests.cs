using IrisOperator.Operator.Api.V1Alpha1;
using IrisOperator.Testing.ControlPlane;

namespace IrisOperator.ApiServer.Tests.Operator;

/// <summary>A real API server takes the Job of a training that says all there is to say about its pod.</summary>
public sealed class PlacementTests(ControlPlaneFixture fixture)
{
    private const string Queue = "kueue.x-k8s.io/queue-name";

    private static readonly TrainerSpec Trainer = new()
    {
        JobLabels = new Dictionary<string, string> { [Queue] = "flowers" },
        Resources = new ResourceSpec
        {
            Limits = new Dictionary<string, string> { ["memory"] = "2Gi", ["nvidia.com/gpu"] = "1", ["hugepages-2Mi"] = "4Mi" },
        },
        SharedMemory = "1Gi",
        RuntimeClassName = "nvidia",
        PriorityClassName = "low",
        NodeSelector = new Dictionary<string, string> { ["pool"] = "gpu" },
        Tolerations = [new() { Operator = "Exists" }, new() { Key = "gpu", Effect = "NoExecute", TolerationSeconds = 5 }],
        RunAsUser = 1000,
    };

    [Fact]
    public async Task a_job_with_all_that_a_pod_can_be_given_is_taken()
    {
        using var world = await World.CreateAsync(fixture);
        await using var cluster = new Cluster(world);
        await using var process = OperatorProcess.Start(world.Client, world.Space);
        await world.CreateTrainingAsync(
            spec: new IrisTrainingSpec { Dataset = new DatasetSource { ClaimName = "iris-data" }, Trainer = Trainer });

        await world.UntilTrainingAsync("Accepted");

        var job = Assert.Single(await world.ListAsync<V1Job>());
        var pod = job.Spec.Template.Spec;
        Assert.Equal(("flowers", "nvidia", "low"), (job.Metadata.Labels[Queue], pod.RuntimeClassName, pod.PriorityClassName));
        Assert.Equal((1000, "gpu", 2), (pod.SecurityContext.RunAsUser, pod.NodeSelector["pool"], pod.Tolerations.Count));
        Assert.Equal("1", pod.Containers[0].Resources.Requests["nvidia.com/gpu"].ToString());
        Assert.Contains(pod.Volumes, volume => volume.EmptyDir is { Medium: "Memory", SizeLimit: not null });
    }
}
