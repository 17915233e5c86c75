using IrisOperator.Operator.Jobs;
using IrisOperator.Operator.Resources;
using IrisOperator.Testing;

namespace IrisOperator.Operator.Tests.Jobs;

/// <summary>What is read from the server about a Job beside the caches: nothing but what a cache that lags would make wrong.</summary>
public sealed class JobObserverTests
{
    // The cache of pods may lag behind that of Jobs: a report that is only not there yet is no lost one.
    [Theory]
    [InlineData("Complete", true, null, nameof(JobState.Ended))]
    [InlineData("Complete", false, true, nameof(JobState.Ended))]
    [InlineData("Complete", false, false, nameof(JobState.ReportLost))]
    [InlineData("Failed", false, false, nameof(JobState.Ended))]
    [InlineData(null, false, null, nameof(JobState.Active))]
    public async Task a_report_is_lost_only_where_the_server_has_no_pod_either(
        string? condition, bool isCached, bool? isLive, string expected)
    {
        var client = isLive is { } live
            ? new ScriptedClient(("list Pod ns", live ? new[] { Pod("Succeeded") } : Array.Empty<V1Pod>()))
            : new ScriptedClient();

        var observed = await ObserveAsync(client, condition, isCached ? [Pod("Succeeded")] : []);

        Assert.Equal(expected, observed.State.GetType().Name);
        Assert.Empty(client.Left);
    }

    [Theory]
    [InlineData("Pending", 60, true)]
    [InlineData("Pending", 0, false)]
    [InlineData("Running", 60, false)]
    public async Task events_are_read_of_pods_that_do_not_start(string phase, int age, bool areRead)
    {
        var about = new V1ObjectReference();
        var warning = new Corev1Event { Metadata = new V1ObjectMeta { Name = "e" }, Type = "Warning", InvolvedObject = about };
        var client = areRead ? new ScriptedClient(("list Event ns", new[] { warning })) : new ScriptedClient();

        var observed = await ObserveAsync(client, null, [Pod(phase, age)]);

        Assert.Equal(areRead ? 1 : 0, observed.Events.Count);
        Assert.Empty(client.Left);
    }

    private static Task<ObservedJob> ObserveAsync(ScriptedClient client, string? condition, V1Pod[] pods)
    {
        var job = new V1Job
        {
            Metadata = new V1ObjectMeta { Name = "iris-1", NamespaceProperty = "ns", Uid = "job-uid" },
            Status = new V1JobStatus { Conditions = condition is null ? null : [new V1JobCondition { Type = condition, Status = "True" }] },
        };
        return new JobObserver(client, new PodEvents(client, TimeProvider.System))
            .ObserveAsync(job, pods, TestContext.Current.CancellationToken);
    }

    private static V1Pod Pod(string phase, int age = 60) => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = "pod",
            NamespaceProperty = "ns",
            Uid = "pod-uid",
            CreationTimestamp = TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(-age),
            OwnerReferences =
                [new V1OwnerReference { ApiVersion = "batch/v1", Kind = "Job", Name = "iris-1", Uid = "job-uid", Controller = true }],
        },
        Status = new V1PodStatus
        {
            Phase = phase,
            Conditions = [new V1PodCondition { Type = "PodScheduled", Status = "True" }],
            ContainerStatuses = phase == "Succeeded"
                ?
                [
                    new V1ContainerStatus
                    {
                        Name = StepContainer.Train,
                        State = new V1ContainerState { Terminated = new V1ContainerStateTerminated { ExitCode = 0 } },
                    },
                ]
                : null,
        },
    };
}
