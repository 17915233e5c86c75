using IrisOperator.Kube.Runtime;
using IrisOperator.Kube.Runtime.Caching;
using IrisOperator.Operator.Api.V1Alpha1;
using IrisOperator.Operator.Cache;
using IrisOperator.Operator.Jobs;
using IrisOperator.Operator.Registries;
using IrisOperator.Operator.Resources;
using IrisOperator.Operator.Serving;
using IrisOperator.Operator.Tests.Golden;
using IrisOperator.Operator.Training;
using IrisOperator.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace IrisOperator.Operator.Tests.Training;

/// <summary>What is read from the server beside the caches: nothing but what a cache that lags would make wrong.</summary>
public sealed class TrainingObserverTests
{
    private const string JobName = "iris-1";

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

        var observed = await ObserveAsync(client, training, hasJob ? Job : null);

        Assert.Equal(areRead ? (1, 1) : (0, 0), (observed.Models.Count, observed.Trainings.Count));
        Assert.Empty(client.Left);
    }

    private static async Task<ObservedTraining> ObserveAsync(ScriptedClient client, IrisTraining training, V1Job? job)
    {
        using var host = new OperatorHost(
            client, new OperatorHostOptions { Name = "test" }, NullLoggerFactory.Instance, TimeProvider.System, () => 0.5);
        var stores = new Stores(host, [], ModelIndexes.All);
        ((Store<V1Job>)stores.Jobs).Replace(job is null ? [] : [job]);
        ((Store<V1Pod>)stores.Pods).Replace([]);
        ((Store<IrisModel>)stores.Models).Replace([]);
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
    };

    private static TrainingRun Run(string state) => new() { Number = 1, JobName = JobName, InputsHash = "h", State = state };

    private static V1Job Job => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = JobName,
            NamespaceProperty = "ns",
            Uid = "job-uid",
            OwnerReferences = [Training().ToControllerReference()],
        },
    };
}
