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
            .. Checks.Field("spec", spec.Image is null && spec.Model?.TrainingRef is null
                ? "image or model.trainingRef must be set: nothing says where the model comes from"
                : null),
            .. Checks.Range("spec.replicas", spec.Replicas, 0, 1000),
            .. ImageVersion.Check("spec.image", spec.Image),
            .. Checks.Range("spec.image.pollIntervalSeconds", spec.Image?.PollIntervalSeconds, 10, 86_400),
            .. Checks.ObjectName("spec.image.pullSecretName", spec.Image?.PullSecretName),
            .. model.GetAnnotation(Labels.RollbackTo) is { Length: > 0 } version
                ? Checks.Field($"metadata.annotations[{Labels.RollbackTo}]", ImageVersion.Validate(version, exact: true))
                : [],
            .. Checks.ObjectName("spec.model.trainingRef.name", spec.Model?.TrainingRef?.Name),
            .. Checks.Range("spec.model.trainingRef.run", spec.Model?.TrainingRef?.Run, 1),
            .. Checks.Range("spec.server.port", spec.Server?.Port, 1024, 65535),
            .. Checks.Range("spec.server.requestTimeoutSeconds", spec.Server?.RequestTimeoutSeconds, 1, 300),
            .. Checks.Range("spec.server.maxConcurrency", spec.Server?.MaxConcurrency, 0, 10_000),
            .. Checks.Resources("spec.server.resources", spec.Server?.Resources),
            .. Checks.Range("spec.rollout.progressDeadlineSeconds", spec.Rollout?.ProgressDeadlineSeconds, 1, 86_400),
            .. Canary(spec, spec.Rollout?.Canary),
        ];
    }

    private static IEnumerable<FieldError> Canary(IrisModelSpec spec, CanarySpec? canary)
    {
        if (canary is null)
        {
            return [];
        }

        const string path = "spec.rollout.canary";
        return
        [
            .. Checks.Field(path, spec.Image is not null && spec.Model?.TrainingRef is null
                ? null
                : "is for versions of spec.image; runs of spec.model.trainingRef are rolled out at once"),
            .. Checks.Field(path, (canary.Replicas is null) == (canary.Weight is null)
                ? "exactly one of replicas and weight must be set"
                : null),
            .. Checks.Field($"{path}.maxErrorRate", CanaryJudgement.ParseRate(canary.MaxErrorRate) is null
                ? $"\"{canary.MaxErrorRate}\" is not a number from 0 to 1, such as \"0.01\""
                : null),
            .. Checks.Range($"{path}.replicas", canary.Replicas, 1, 1000),
            .. Checks.Range($"{path}.weight", canary.Weight, 1, 99),
            .. Checks.Range($"{path}.durationSeconds", canary.DurationSeconds, 1, 86_400),
            .. Checks.Range($"{path}.minRequests", canary.MinRequests, 0),
        ];
    }
}
