using IrisOperator.Kube.Models;
using IrisOperator.Kube.Runtime;
using IrisOperator.Kube.Runtime.Controllers;
using IrisOperator.Operator.Api.V1Alpha1;
using IrisOperator.Operator.Children;
using IrisOperator.Operator.Planning;
using IrisOperator.Operator.Pods;
using IrisOperator.Operator.Serving;
using IrisOperator.Operator.Training;
using Microsoft.Extensions.Logging;

namespace IrisOperator.Operator.Hosting;

/// <summary>Which change brings a pass over what.</summary>
public static class Controllers
{
    public static void AddTo(OperatorHost host, OperatorOptions options, ILoggerFactory loggers, TimeProvider time, int workers = 4)
    {
        var stores = new Stores(host);
        var executor = new PlanExecutor(host.Client, host.Events, loggers.CreateLogger<PlanExecutor>());
        var events = new PodEvents(host.Client, time);

        host.AddController(
            "iristraining",
            new TrainingReconciler(stores.Trainings, new TrainingObserver(stores, host.Client, events), executor, options, time),
            // Status changes count: a run that is recorded opens the way for its job, and a plan dropped as stale waits for them.
            training => training.When(Predicates.Any).Workers(workers)
                .Owns<V1Job>()
                .Owns<V1Pod>(Labels.Training)
                .Watches<V1PersistentVolumeClaim>(stores.TrainingsUsing, CameOrWent));

        host.AddController(
            "irismodel",
            new ModelReconciler(stores.Models, new ModelObserver(stores, events), executor, options, time),
            model => model.Workers(workers)
                .Owns<V1Deployment>()
                .Owns<V1Service>()
                .Owns<V1Pod>(Labels.Model)
                .Watches<IrisTraining>(stores.ModelsFollowing));
    }

    private static bool CameOrWent<T>(T? before, T? after)
        where T : class => before is null || after is null;
}
