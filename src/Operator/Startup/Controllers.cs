using IrisOperator.Operator.Cache;
using IrisOperator.Operator.Serving;
using IrisOperator.Operator.Training;

namespace IrisOperator.Operator.Startup;

/// <summary>Which change brings a pass over what.</summary>
public static class Controllers
{
    public static RepositoryPoller AddTo(
        OperatorHost host, OperatorOptions options, IImageSource images, IPodMetrics metrics, ILoggerFactory loggers, TimeProvider time,
        Func<double> jitter, int workers = 4)
    {
        var stores = new Stores(host, TrainingIndexes.All(options), ModelIndexes.All);
        var executor = new PlanExecutor(host.Client, host.Events, loggers.CreateLogger<PlanExecutor>());
        var events = new PodEvents(host.Client, time);
        var registries = new RepositoryPoller(
            images,
            repository =>
            [
                .. ModelIndexes.SubscribersOf(stores, repository),
                .. TrainingIndexes.SubscribersOf(stores, options, repository),
            ],
            loggers.CreateLogger<RepositoryPoller>(),
            time,
            jitter);
        host.AddWork(registries.RunAsync);
        OperatorMetrics.Observe(host, stores);
        stores.Trainings.Subscribe((before, after) =>
            TriggerForImage(
                registries, TrainingHistory.NewestImage(before?.Status?.Runs), TrainingHistory.NewestImage(after?.Status?.Runs)));

        host.AddController(
            "iristraining",
            new TrainingReconciler(
                stores.Trainings,
                new TrainingObserver(stores, host.Client, new JobObserver(host.Client, events), registries, options),
                executor,
                options,
                time),
            // Status changes count: a run that is recorded opens the way for its job, and a plan dropped as stale waits for them.
            training => training.When(Predicates.Any).Workers(workers)
                .Owns<V1Job>()
                .Owns<V1Pod>(Labels.Training)
                .Watches<V1PersistentVolumeClaim>(
                    claim => TrainingIndexes.Using(stores, claim), (before, after) => before is null || after is null)
                .Signals(changed => registries.Subscribe(IrisTraining.KubeKind, changed)));

        host.AddController(
            "irismodel",
            new ModelReconciler(stores.Models, new ModelObserver(stores, events, registries, metrics), executor, options, time),
            model => model.Workers(workers)
                .Owns<V1Deployment>()
                .Owns<V1Service>()
                .Owns<V1Pod>(Labels.Model)
                .Watches<IrisTraining>(training => ModelIndexes.Following(stores, training).Select(model => model.Key()))
                .Signals(changed => registries.Subscribe(IrisModel.KubeKind, changed)));
        return registries;
    }

    // What a training of ours has published needs no notification.
    private static void TriggerForImage(RepositoryPoller registries, Publication? before, Publication? after)
    {
        if (after is not null && after != before && RepositoryName.TryParse(after.Repository, out var repository, out _))
        {
            registries.Trigger(repository.Path);
        }
    }
}
