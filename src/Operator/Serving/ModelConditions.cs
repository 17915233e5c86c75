using IrisOperator.Operator.Api.V1Alpha1;
using IrisOperator.Operator.Children;
using IrisOperator.Operator.Serving.Desired;
using IrisOperator.Operator.Status;
using Context = IrisOperator.Operator.Serving.ModelDecider.Context;

namespace IrisOperator.Operator.Serving;

/// <summary>The whole status of an IrisModel, computed in one place from what was seen and decided.</summary>
internal static class ModelConditions
{
    public static IrisModelStatus Compute(Context context, ModelDecision decision)
    {
        var (model, previous) = (context.Model, context.Model.Status);
        var live = context.Seen.Deployment?.Status;
        var ready = live?.ReadyReplicas ?? 0;
        var served = decision.Resolved is { } resolved ? resolved.Model : previous?.Model;
        return new IrisModelStatus
        {
            ObservedGeneration = model.Metadata.Generation,
            Replicas = live?.Replicas ?? 0,
            ReadyReplicas = ready,
            Served = $"{ready}/{Math.Max(0, ModelDeployment.Replicas(model))}",
            Selector = $"{Labels.Model}={model.Metadata.Name}",
            Url = ModelService.Url(model),
            Image = decision.Resolved?.Image ?? previous?.Image,
            Model = served,
            ModelDigest = served?.Digest,
            Conditions = new ConditionList(previous?.Conditions, model.Metadata.Generation, context.Now)
                .SetCommon(decision.Situation, context.Spec.Suspend == true)
                .ToList(),
        };
    }
}
