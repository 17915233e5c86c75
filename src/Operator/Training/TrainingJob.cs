using IrisOperator.Operator.Training.Steps;

namespace IrisOperator.Operator.Training;

/// <summary>
/// The Job of one attempt of a run. Created once and never changed; a changed spec makes another run. The operator itself tries again:
/// a Job would start another pod before anybody has read why the first one failed.
/// </summary>
public static class TrainingJob
{
    public static V1Job Build(IrisTraining training, TrainingRun run, OperatorOptions options) => Build(
        training,
        run.JobName,
        run.ClaimName,
        PodDefaults.Pod(options) with
        {
            Affinity = PodDefaults.SameNodeFor(run.ClaimName, run.ClaimAccessMode),
            ImagePullSecrets = PullSecrets(training, training.Spec.Trainer?.Image is null ? options : null),
            Containers = [Train(training, run, options)],
            Volumes =
            [
                .. SharesClaim(training.Spec, run) ? Array.Empty<V1Volume>() : [DataVolume(training.Spec.Dataset)],
                PodDefaults.ClaimVolume("models", run.ClaimName),
            ],
        },
        DeadlineSeconds(training, run));

    /// <summary>Where a run leaves its model inside the claim: no two runs share it.</summary>
    public static string ModelPath(IrisTraining training, string jobName) => $"{training.Metadata.Name}/{jobName}";

    /// <param name="options">Null for a pod without an image of the installation.</param>
    internal static V1LocalObjectReference[]? PullSecrets(IrisTraining training, OperatorOptions? options) => PodDefaults.PullSecrets(
        [.. options?.PullSecrets ?? [], .. (training.Spec.Trainer?.ImagePullSecrets ?? []).Select(secret => secret.Name)]);

    /// <summary>A job of the training, whatever it does.</summary>
    /// <param name="claim">Where the models are; null for a pod that does not mount it.</param>
    /// <param name="pod">Without the volume that every such pod has.</param>
    internal static V1Job Build(IrisTraining training, string name, string? claim, V1PodSpec pod, long? deadlineSeconds)
    {
        var labels = Labels.For("iris-training", Labels.Training, training.Metadata.Name!);
        return Kind<V1Job>.Complete(new V1Job
        {
            Metadata = AppliedObject.MetadataFor(training, name, labels),
            Spec = new V1JobSpec
            {
                BackoffLimit = 0,
                ActiveDeadlineSeconds = deadlineSeconds,
                Template = new V1PodTemplateSpec
                {
                    Metadata = new V1ObjectMeta
                    {
                        Labels = PodDefaults.LabelsOf(labels, claim, training.Spec.Trainer?.PodLabels),
                        Annotations = training.Spec.Trainer?.PodAnnotations?.ToDictionary(),
                    },
                    Spec = pod with
                    {
                        RestartPolicy = "Never",
                        Volumes = [.. pod.Volumes ?? [], PodDefaults.TemporaryVolume],
                    },
                },
            },
        });
    }

    // What is left of it for a later attempt.
    private static long? DeadlineSeconds(IrisTraining training, TrainingRun run) =>
        training.Spec.ActiveDeadlineSeconds is { } seconds && run.RetryTime - run.Started is { } before
            ? Math.Max(1, seconds - (long)before.TotalSeconds)
            : training.Spec.ActiveDeadlineSeconds;

    private static V1Container Train(IrisTraining training, TrainingRun run, OperatorOptions options) =>
        PodDefaults.Container(
            StepContainer.Train, ExactImage.Of(training.Spec.Trainer?.Image, options.TrainerImage), Arguments(training.Spec, run)) with
        {
            Resources = PodDefaults.Resources(training.Spec.Trainer?.Resources, cpu: "100m", memory: "128Mi", memoryLimit: "1Gi"),
            VolumeMounts =
            [
                new V1VolumeMount
                {
                    Name = SharesClaim(training.Spec, run) ? "models" : "data", MountPath = "/data", ReadOnlyProperty = true,
                },
                new V1VolumeMount { Name = "models", MountPath = "/models" },
                PodDefaults.TemporaryMount,
            ],
        };

    // A claim that is two volumes of one pod is never mounted by kubelet.
    private static bool SharesClaim(IrisTrainingSpec spec, TrainingRun run) => spec.Dataset.ClaimName == run.ClaimName;

    // Read-only at the volume, not only at the mount: kubelet would else hand the user's data to our group (fsGroup).
    private static V1Volume DataVolume(DatasetSource dataset) => dataset.ConfigMapName is { } configMap
        ? new V1Volume { Name = "data", ConfigMap = new V1ConfigMapVolumeSource { Name = configMap } }
        : PodDefaults.ClaimVolume("data", dataset.ClaimName, readOnly: true);

    private static string[] Arguments(IrisTrainingSpec spec, TrainingRun run) =>
    [
        spec.Dataset.Path is { } path ? $"/data/{path}" : "/data",
        $"/models/{run.ModelPath}",
        .. RegistryPod.Option("--target", spec.Dataset.Target),
        "--algorithm", TrainingInputs.Algorithm(spec),
        .. Assignments("--param", spec.Algorithm?.Parameters),
        "--folds", TrainingInputs.Folds(spec).ToString(null, null),
        "--seed", TrainingInputs.Seed(spec).ToString(null, null),
        .. Assignments("--require", spec.Evaluation?.Require),
    ];

    private static IEnumerable<string> Assignments(string option, IReadOnlyDictionary<string, string>? values) =>
        TrainingInputs.Sorted(values).SelectMany(entry => new[] { option, $"{entry.Key}={entry.Value}" });
}

/// <summary>
/// Jobs of the steps after a run: created once, never changed, and one attempt each. The operator itself tries again, with a pod that
/// mounts the Secret anew.
/// </summary>
public static class PublicationJob
{
    // Longer than the publisher's retry timeout, so that a volume that cannot be mounted does not hold it up for ever.
    private const long PublishSeconds = 900;

    // What is in use was read when the job was made, so the job must not outlive that by much, nor be tried again.
    private const long PruneSeconds = 300;

    /// <param name="rebase">True leaves a model alone that is not the newest.</param>
    public static V1Job Publish(IrisTraining training, string jobName, TrainingRun run, OperatorOptions options, bool rebase = false) =>
        TrainingJob.Build(
            training,
            jobName,
            run.ClaimName,
            PodDefaults.Pod(options) with
            {
                Affinity = PodDefaults.SameNodeFor(run.ClaimName, run.ClaimAccessMode),
                ImagePullSecrets = TrainingJob.PullSecrets(training, options),
                Containers = [RegistryPod.Publisher(training, run, options, rebase)],
                Volumes =
                [
                    PodDefaults.ClaimVolume("models", run.ClaimName, readOnly: true), .. RegistryPod.Volumes(training.Spec.Publish),
                ],
            },
            PublishSeconds);

    /// <summary>Removes versions that spec.publish.retain does not keep and nothing uses.</summary>
    /// <param name="inUse">Digests, versions and ranges that models and trainings use, as of now.</param>
    public static V1Job Prune(IrisTraining training, string jobName, IEnumerable<string> inUse, OperatorOptions options) =>
        TrainingJob.Build(
            training,
            jobName,
            claim: null,
            PodDefaults.Pod(options) with
            {
                ImagePullSecrets = TrainingJob.PullSecrets(training, options),
                Containers = [RegistryPod.Pruner(training.Spec.Publish!, inUse, options)],
                Volumes = [.. RegistryPod.Volumes(training.Spec.Publish)],
            },
            PruneSeconds);

    /// <summary>Removes model folders of the training from the claim of a run.</summary>
    /// <param name="inUse">Names of folders that stay.</param>
    public static V1Job PruneModels(
        IrisTraining training, string jobName, TrainingRun run, IEnumerable<string> inUse, OperatorOptions options)
    {
        string[] arguments =
        [
            "prune-models", "--folder", $"/models/{training.Metadata.Name}",
            .. inUse.SelectMany(folder => RegistryPod.Option("--keep", folder)),
        ];
        var container = PodDefaults.Container(StepContainer.Prune, options.TrainerImage, arguments) with
        {
            Resources = PodDefaults.Resources(null, cpu: "50m", memory: "64Mi", memoryLimit: "256Mi"),
            VolumeMounts = [new V1VolumeMount { Name = "models", MountPath = "/models" }, PodDefaults.TemporaryMount],
        };
        return TrainingJob.Build(
            training,
            jobName,
            run.ClaimName,
            PodDefaults.Pod(options) with
            {
                Affinity = PodDefaults.SameNodeFor(run.ClaimName, run.ClaimAccessMode),
                ImagePullSecrets = TrainingJob.PullSecrets(training, options),
                Containers = [container],
                Volumes = [PodDefaults.ClaimVolume("models", run.ClaimName)],
            },
            PruneSeconds);
    }
}
