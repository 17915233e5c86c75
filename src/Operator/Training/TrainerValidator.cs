namespace IrisOperator.Operator.Training;

/// <summary>What is wrong with spec.trainer.</summary>
internal static class TrainerValidator
{
    // The largest that the kernel's containers and Kubernetes take.
    private const long MaxUserId = int.MaxValue;

    public static IEnumerable<FieldError> Check(TrainerSpec? trainer) => trainer is null ? [] :
    [
        .. ExactImage.Check("spec.trainer.image", trainer.Image),
        .. (trainer.ImagePullSecrets ?? [])
            .SelectMany((secret, index) => Checks.ObjectName($"spec.trainer.imagePullSecrets[{index}].name", secret.Name)),
        .. PodChecks.Annotations("spec.trainer.podAnnotations", trainer.PodAnnotations),
        .. PodChecks.Labels("spec.trainer.podLabels", trainer.PodLabels),
        .. PodChecks.Labels("spec.trainer.jobLabels", trainer.JobLabels),
        .. Checks.Resources("spec.trainer.resources", trainer.Resources),
        .. Checks.Field("spec.trainer.sharedMemory", trainer.SharedMemory is { } size ? SharedMemory(size, trainer.Resources) : null),
        .. Checks.ObjectName("spec.trainer.runtimeClassName", trainer.RuntimeClassName),
        .. Checks.ObjectName("spec.trainer.priorityClassName", trainer.PriorityClassName),
        .. PodChecks.Labels("spec.trainer.nodeSelector", trainer.NodeSelector),
        .. PodChecks.Tolerations("spec.trainer.tolerations", trainer.Tolerations),
        .. trainer.RunAsUser == 0
            ? Checks.Field("spec.trainer.runAsUser", "0 is root, which no pod of a training may be; name another user of the image")
            : Checks.Range("spec.trainer.runAsUser", trainer.RunAsUser, 1, MaxUserId),
    ];

    // What is in it counts as memory of the container. Kubernetes takes a size of 0 for none at all, and 2 for two bytes.
    private static string? SharedMemory(string size, ResourceSpec? resources) => Quantity.Parse(size) switch
    {
        not >= 1 << 20 => $"must be a size of at least 1Mi, such as 1Gi, found \"{size}\"",
        var value when value > MemoryLimit(resources) =>
            $"\"{size}\" is more than all memory of the container, of which it is part; "
            + $"raise spec.trainer.resources.limits.memory ({TrainingJob.MemoryLimit} unless set)",
        _ => null,
    };

    private static decimal? MemoryLimit(ResourceSpec? resources)
    {
        var unset = Quantity.Parse(TrainingJob.MemoryLimit);
        return Memory(resources?.Limits) ?? (Memory(resources?.Requests) is { } request && request > unset ? request : unset);
    }

    private static decimal? Memory(IReadOnlyDictionary<string, string>? values) =>
        values?.GetValueOrDefault("memory") is { } memory ? Quantity.Parse(memory) : null;
}
