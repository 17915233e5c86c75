using IrisOperator.Kube;
using IrisOperator.Operator.Api.V1Alpha1;
using IrisOperator.Operator.Children;

namespace IrisOperator.Operator.Serving;

/// <summary>What is wrong with a spec as far as the operator can tell.</summary>
public static class ModelValidator
{
    public static IReadOnlyList<FieldError> Check(IrisModel model)
    {
        var spec = model.Spec;
        return
        [
            .. Checks.OwnerName(model.Metadata.Name ?? ""),
            .. Checks.Range("spec.replicas", spec.Replicas, 0, 1000),
            .. ImageVersion.Check("spec.image", spec.Image),
            .. Checks.Range("spec.image.pollIntervalSeconds", spec.Image?.PollIntervalSeconds, 10, 86_400),
            .. Checks.ObjectName("spec.image.pullSecretName", spec.Image?.PullSecretName),
            .. RollbackTo(model),
            .. Checks.ObjectName("spec.model.trainingRef.name", spec.Model?.TrainingRef?.Name),
            .. Checks.Range("spec.model.trainingRef.run", spec.Model?.TrainingRef?.Run, 1),
            .. Checks.Range("spec.server.port", spec.Server?.Port, 1024, 65535),
            .. Checks.Range("spec.server.requestTimeoutSeconds", spec.Server?.RequestTimeoutSeconds, 1, 300),
            .. Checks.Range("spec.server.maxConcurrency", spec.Server?.MaxConcurrency, 0, 10_000),
            .. Checks.Resources("spec.server.resources", spec.Server?.Resources),
            .. Checks.Range("spec.rollout.progressDeadlineSeconds", spec.Rollout?.ProgressDeadlineSeconds, 1, 86_400),
        ];
    }

    private static IEnumerable<FieldError> RollbackTo(IrisModel model) =>
        model.Annotation(Labels.RollbackTo) is { Length: > 0 } version && ImageVersion.Flaw(version, exact: true) is { } flaw
            ? [new FieldError($"metadata.annotations[{Labels.RollbackTo}]", flaw)]
            : [];
}
