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
        FieldError?[] errors =
        [
            spec.Image is not null && spec.Model?.TrainingRef is null
                ? null
                : new(path, "is for versions of spec.image; runs of spec.model.trainingRef are rolled out at once"),
            (canary.Replicas is null) != (canary.Weight is null) ? null : new(path, "exactly one of replicas and weight must be set"),
            CanaryJudgement.ParseRate(canary.MaxErrorRate) is null
                ? new($"{path}.maxErrorRate", $"\"{canary.MaxErrorRate}\" is not a number from 0 to 1, such as \"0.01\"")
                : null,
        ];
        return
        [
            .. errors.OfType<FieldError>(),
            .. Checks.Range($"{path}.replicas", canary.Replicas, 1, 1000),
            .. Checks.Range($"{path}.weight", canary.Weight, 1, 99),
            .. Checks.Range($"{path}.durationSeconds", canary.DurationSeconds, 1, 86_400),
            .. Checks.Range($"{path}.minRequests", canary.MinRequests, 0),
        ];
    }

    private static IEnumerable<FieldError> RollbackTo(IrisModel model) =>
        model.GetAnnotation(Labels.RollbackTo) is { Length: > 0 } version && ImageVersion.Flaw(version, exact: true) is { } flaw
            ? [new FieldError($"metadata.annotations[{Labels.RollbackTo}]", flaw)]
            : [];
}
