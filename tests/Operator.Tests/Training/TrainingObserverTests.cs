using IrisOperator.Kube.Runtime;
using IrisOperator.Kube.Runtime.Caching;
using IrisOperator.Operator.Api.V1Alpha1;
using IrisOperator.Operator.Cache;
using IrisOperator.Operator.Jobs;
using IrisOperator.Operator.Registries;
using IrisOperator.Operator.Resources;
using IrisOperator.Operator.Tests.Golden;
using IrisOperator.Operator.Training;
using IrisOperator.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace IrisOperator.Operator.Tests.Training;

/// <summary>What is read from the server beside the caches: nothing but what a cache that lags would make wrong.</summary>
public sealed class TrainingObserverTests
{
    private const string JobName = "iris-1";

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

        var observed = await ObserveAsync(client, Training(), Job(condition), isCached ? [Pod("Succeeded")] : []);

        Assert.Equal(expected, observed.StepJob.State.GetType().Name);
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

        var observed = await ObserveAsync(client, Training(), Job(null), [Pod(phase, age)]);

        Assert.Equal(areRead ? 1 : 0, observed.Events.Count);
        Assert.Empty(client.Left);
    }

    // A model that the cache has not heard of yet would lose its image.
    [Theory]
    [InlineData(StepTask.Prune, false, true)]
    [InlineData(StepTask.Prune, true, false)]
    [InlineData(StepTask.Publish, false, false)]
    public async Task who_uses_images_is_read_live_just_before_a_job_that_removes_some(string task, bool hasJob, bool areRead)
    {
        var step = new TrainingStep { Task = task, State = StepState.Running, JobName = JobName, Run = 1, Cause = "c" };
        var training = Training() with { Status = new IrisTrainingStatus { Runs = [Run(RunState.Accepted)], Steps = [step] } };
        var model = new IrisModel { Metadata = new V1ObjectMeta { Name = "m" }, Spec = new IrisModelSpec() };
        var client = areRead
            ? new ScriptedClient(
                ("list IrisModel all namespaces", new[] { model }), ("list IrisTraining all namespaces", new[] { training }))
            : new ScriptedClient();

        var observed = await ObserveAsync(client, training, hasJob ? Job(null) : null, []);

        Assert.Equal(areRead ? (1, 1) : (0, 0), (observed.Models.Count, observed.Trainings.Count));
        Assert.Empty(client.Left);
    }

    private static async Task<ObservedTraining> ObserveAsync(ScriptedClient client, IrisTraining training, V1Job? job, V1Pod[] pods)
    {
        using var host = new OperatorHost(
            client, new OperatorHostOptions { Name = "test" }, NullLoggerFactory.Instance, TimeProvider.System, () => 0.5);
        var stores = new Stores(host, [], []);
        ((Store<V1Job>)stores.Jobs).Replace(job is null ? [] : [job]);
        ((Store<V1Pod>)stores.Pods).Replace(pods);
        var registries = new RepositoryPoller(
            new RegistryImageSource(() => throw new NotSupportedException()), _ => [], NullLogger<RepositoryPoller>.Instance,
            TimeProvider.System, () => 0.5);
        var jobs = new JobObserver(client, new PodEvents(client, TimeProvider.System));
        return await new TrainingObserver(stores, client, jobs, registries, Scene.Options)
            .ObserveAsync(training, TestContext.Current.CancellationToken);
    }

    private static IrisTraining Training() => new()
    {
        Metadata = new V1ObjectMeta { Name = "iris", NamespaceProperty = "ns", Uid = "training-uid" },
        Spec = new IrisTrainingSpec { Dataset = new DatasetSource { ClaimName = "data" } },
        Status = new IrisTrainingStatus { Runs = [Run(RunState.Running)] },
    };

    private static TrainingRun Run(string state) => new() { Number = 1, JobName = JobName, InputsHash = "h", State = state };

    private static V1Job Job(string? condition) => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = JobName,
            NamespaceProperty = "ns",
            Uid = "job-uid",
            OwnerReferences = [Training().ToControllerReference()],
        },
        Status = new V1JobStatus { Conditions = condition is null ? null : [new V1JobCondition { Type = condition, Status = "True" }] },
    };

    private static V1Pod Pod(string phase, int age = 60) => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = "pod",
            NamespaceProperty = "ns",
            Uid = "pod-uid",
            CreationTimestamp = TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(-age),
            Labels = new Dictionary<string, string> { [Labels.Training] = "iris" },
            OwnerReferences =
                [new V1OwnerReference { ApiVersion = "batch/v1", Kind = "Job", Name = JobName, Uid = "job-uid", Controller = true }],
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
