using IrisOperator.Kube;
using IrisOperator.Operator.Api.V1Alpha1;
using IrisOperator.Operator.Children;
using IrisOperator.Operator.Hosting;
using IrisOperator.Operator.Pods;

namespace IrisOperator.Operator.Serving;

/// <summary>The only reader: caches, and the server itself for events.</summary>
public sealed class ModelObserver(Stores stores, PodEvents events)
{
    public async Task<ModelSeen> ObserveAsync(IrisModel model, CancellationToken cancellationToken)
    {
        var key = model.Key();
        var pods = stores.PodsOf(Labels.Model, model);
        return new ModelSeen
        {
            Model = model,
            Training = model.Spec.Model?.TrainingRef is { } reference ? stores.Trainings.Get(key with { Name = reference.Name }) : null,
            Deployment = stores.Deployments.Get(key),
            Service = stores.Services.Get(key),
            Pods = pods,
            Events = await events.ReadAsync(pods, cancellationToken),
        };
    }
}
