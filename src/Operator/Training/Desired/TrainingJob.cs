namespace IrisOperator.Operator.Training.Desired;

/// <summary>The job of one run. Created once and never changed; a changed spec makes another run.</summary>
public static class TrainingJob
{
    public const string TrainContainer = "train";

    public const string PublishContainer = "publish";

    public static V1Job Build(IrisTraining training, TrainingRun run, OperatorOptions options)
    {
        var labels = Labels.For("iris-training", Labels.Training, training.Metadata.Name!);
        return Kind<V1Job>.Complete(new V1Job
        {
            Metadata = AppliedObject.MetadataFor(training, run.JobName, labels),
            Spec = new V1JobSpec
            {
                BackoffLimit = training.Spec.BackoffLimit ?? 2,
                ActiveDeadlineSeconds = training.Spec.ActiveDeadlineSeconds,
                Template = new V1PodTemplateSpec
                {
                    Metadata = new V1ObjectMeta
                    {
                        Labels = new Dictionary<string, string>(labels) { [Labels.Claim] = Names.LabelValue(run.ClaimName!) },
                    },
                    Spec = Pod(training, run, options),
                },
            },
        });
    }

    /// <summary>Where a run leaves its model inside the claim: no two runs share it.</summary>
    public static string ModelPath(IrisTraining training, string jobName) => $"{training.Metadata.Name}/{jobName}";

    private static V1PodSpec Pod(IrisTraining training, TrainingRun run, OperatorOptions options) => new()
    {
        RestartPolicy = "Never",
        AutomountServiceAccountToken = false,
        EnableServiceLinks = false,
        SecurityContext = PodDefaults.PodSecurity,
        Affinity = PodDefaults.SameNodeFor(run.ClaimName, run.ClaimAccessMode),
        // Stages of one pod, so that the volume is attached once: the model is there before anything is published.
        InitContainers = run.Publication is null ? null : [Train(training, run, options)],
        Containers = [run.Publication is null ? Train(training, run, options) : RegistryPod.Publisher(training, run, options)],
        Volumes =
        [
            DataVolume(training.Spec.Dataset),
            new V1Volume { Name = "models", PersistentVolumeClaim = new V1PersistentVolumeClaimVolumeSource { ClaimName = run.ClaimName } },
            new V1Volume { Name = "tmp", EmptyDir = new V1EmptyDirVolumeSource() },
            .. RegistryPod.Volumes(training.Spec.Publish),
        ],
    };

    private static V1Container Train(IrisTraining training, TrainingRun run, OperatorOptions options) => new()
    {
        Name = TrainContainer,
        Image = ExactImage.Of(training.Spec.Trainer?.Image, options.TrainerImage),
        ImagePullPolicy = "IfNotPresent",
        Args = [.. Arguments(training.Spec, run)],
        Resources = PodDefaults.Resources(training.Spec.Trainer?.Resources, cpu: "100m", memory: "128Mi", memoryLimit: "1Gi"),
        VolumeMounts =
        [
            new V1VolumeMount { Name = "data", MountPath = "/data", ReadOnlyProperty = true },
            new V1VolumeMount { Name = "models", MountPath = "/models" },
            new V1VolumeMount { Name = "tmp", MountPath = "/tmp" },
        ],
        TerminationMessagePath = "/dev/termination-log",
        TerminationMessagePolicy = "FallbackToLogsOnError",
        SecurityContext = PodDefaults.ContainerSecurity,
    };

    // Read-only at the volume, not only at the mount: kubelet would else hand the user's data to our group (fsGroup).
    private static V1Volume DataVolume(DatasetSource dataset) => dataset.ConfigMapName is { } configMap
        ? new V1Volume { Name = "data", ConfigMap = new V1ConfigMapVolumeSource { Name = configMap } }
        : new V1Volume
        {
            Name = "data",
            PersistentVolumeClaim = new V1PersistentVolumeClaimVolumeSource { ClaimName = dataset.ClaimName, ReadOnlyProperty = true },
        };

    private static IEnumerable<string> Arguments(IrisTrainingSpec spec, TrainingRun run)
    {
        yield return spec.Dataset.Path is { } path ? $"/data/{path}" : "/data";
        yield return $"/models/{run.ModelPath}";
        if (spec.Dataset.Target is { } target)
        {
            yield return "--target";
            yield return target;
        }

        yield return "--algorithm";
        yield return TrainingInputs.Algorithm(spec);
        foreach (var (name, value) in TrainingInputs.Sorted(spec.Algorithm?.Parameters))
        {
            yield return "--param";
            yield return $"{name}={value}";
        }

        yield return "--folds";
        yield return TrainingInputs.Folds(spec).ToString(null, null);
        yield return "--seed";
        yield return TrainingInputs.Seed(spec).ToString(null, null);
        foreach (var (metric, value) in TrainingInputs.Sorted(spec.Evaluation?.Require))
        {
            yield return "--require";
            yield return $"{metric}={value}";
        }
    }
}

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
