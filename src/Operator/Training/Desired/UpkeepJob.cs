namespace IrisOperator.Operator.Training.Desired;

/// <summary>The job of an upkeep. Created once and never changed.</summary>
public static class UpkeepJob
{
    // Three tries at the publisher's own patience, and no volume that cannot be mounted holds it up for longer.
    private const long RebaseSeconds = 1800;

    // What is in use was read when the job was made, so the job must not outlive that by much, nor be tried again.
    private const long PruneSeconds = 300;

    /// <summary>The same model on another base: what a run does last, without what it does first.</summary>
    public static V1Job Rebase(IrisTraining training, string jobName, TrainingRun run, OperatorOptions options) => Build(
        training,
        jobName,
        new Dictionary<string, string> { [Labels.Claim] = Names.LabelValue(run.ClaimName!) },
        new V1PodSpec
        {
            Affinity = PodDefaults.SameNodeFor(run.ClaimName, run.ClaimAccessMode),
            Containers = [RegistryPod.Publisher(training, run, options, rebase: true)],
            Volumes =
            [
                new V1Volume
                {
                    Name = "models",
                    PersistentVolumeClaim = new V1PersistentVolumeClaimVolumeSource { ClaimName = run.ClaimName, ReadOnlyProperty = true },
                },
            ],
        },
        training.Spec.BackoffLimit ?? 2,
        RebaseSeconds);

    /// <summary>Removes what the spec does not retain and nobody uses.</summary>
    /// <param name="training">With spec.publish.retain.</param>
    /// <param name="jobName">As recorded.</param>
    /// <param name="keep">Digests, versions and ranges that somebody uses, as of now.</param>
    /// <param name="options">Image and registries.</param>
    public static V1Job Prune(IrisTraining training, string jobName, IEnumerable<string> keep, OperatorOptions options) => Build(
        training,
        jobName,
        new Dictionary<string, string>(),
        new V1PodSpec { Containers = [RegistryPod.Pruner(training, keep, options)] },
        0,
        PruneSeconds);

    private static V1Job Build(
        IrisTraining training, string jobName, IReadOnlyDictionary<string, string> podLabels, V1PodSpec pod, int backoffLimit,
        long deadlineSeconds)
    {
        var labels = Labels.For("iris-training", Labels.Training, training.Metadata.Name!);
        return Kind<V1Job>.Complete(new V1Job
        {
            Metadata = AppliedObject.MetadataFor(training, jobName, labels),
            Spec = new V1JobSpec
            {
                BackoffLimit = backoffLimit,
                ActiveDeadlineSeconds = deadlineSeconds,
                Template = new V1PodTemplateSpec
                {
                    Metadata = new V1ObjectMeta { Labels = new Dictionary<string, string>(labels.Concat(podLabels)) },
                    Spec = pod with
                    {
                        RestartPolicy = "Never",
                        AutomountServiceAccountToken = false,
                        EnableServiceLinks = false,
                        SecurityContext = PodDefaults.PodSecurity,
                        Volumes =
                        [
                            .. pod.Volumes ?? [],
                            new V1Volume { Name = "tmp", EmptyDir = new V1EmptyDirVolumeSource() },
                            .. RegistryPod.Volumes(training.Spec.Publish),
                        ],
                    },
                },
            },
        });
    }
}
