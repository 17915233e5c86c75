namespace IrisOperator.Operator.Training;

/// <summary>The Jobs of a training, each with the command line of src/TrainerImage (docs/spec/image.md) or of the user's trainer.</summary>
public static class TrainingJob
{
    // Longer than the publisher's retry timeout, so that a volume that cannot be mounted does not hold it up for ever.
    private const long PublishSeconds = 900;

    private const string Data = "/data";
    private const string SharedMemory = "/dev/shm";
    private const string Models = "/models";

    /// <summary>
    /// What is in use is read when a Job is made that removes something, so the Job must not outlive that by much, nor be tried again.
    /// </summary>
    public static readonly TimeSpan PruneTime = TimeSpan.FromMinutes(5);

    /// <summary>Of the container that trains, unless spec.trainer.resources says otherwise.</summary>
    public const string MemoryLimit = "1Gi";

    /// <summary>One attempt of a run: the program that trains, and after one of a user the stage that takes over what it left.</summary>
    public static V1Job Train(IrisTraining training, TrainingRun run, OperatorOptions options)
    {
        var (spec, dataset, trainer) = (training.Spec, training.Spec.Dataset, training.Spec.Trainer);
        var models = ModelsOf(run);

        // A claim that is two volumes of one pod is never mounted by kubelet.
        var data = new Mount(dataset.ClaimName == run.ClaimName ? models.Volume : DataVolume(dataset), Data, IsReadOnly: true);
        Mount[] memory = [.. SharedMemoryOf(trainer)];
        var job = UserTrainer.Has(trainer)
            ? new StepJob(run.JobName, StepContainer.Package, options.TrainerImage, PackageArguments(spec, run))
            {
                Before = UserTrainer.Container(spec, trainer, InputOf(dataset), [data, UserTrainer.Output, .. memory]),
                Folders = [data, UserTrainer.Output with { IsReadOnly = true }, models, .. memory],
            }
            : new StepJob(run.JobName, StepContainer.Train, ExactImage.Of(trainer?.Image, options.TrainerImage), TrainArguments(spec, run))
            {
                Folders = [data, models, .. memory],
                Variables = UserTrainer.Variables(trainer),
            };
        var complete = job with
        {
            Resources = Resources(trainer),
            DeadlineSeconds = DeadlineSeconds(spec, run),
            JobLabels = trainer?.JobLabels,
            JobAnnotations = TrainingInputs.PodHash(trainer) is { } hash
                ? new Dictionary<string, string> { [Labels.PodHash] = hash }
                : null,
            Placement = new Placement { PriorityClassName = trainer?.PriorityClassName, RuntimeClassName = trainer?.RuntimeClassName },
        };
        return Build(training, complete, run, options, isOurs: trainer?.Image is null || UserTrainer.Has(trainer));
    }

    private static string[] TrainArguments(IrisTrainingSpec spec, TrainingRun run) =>
    [
        InputOf(spec.Dataset),
        $"{Models}/{run.ModelPath}",
        .. Argument.Option(StepOption.Target, spec.Dataset.Target),
        .. TrainingInputs.TaskArguments(spec),
        .. TrainingInputs.TableArguments(spec.Dataset),
        StepOption.Algorithm, TrainingInputs.Algorithm(spec),
        .. Assignments(StepOption.Param, spec.Algorithm?.Parameters),
        .. spec.Evaluation?.Holdout is null
            ? Argument.Option(StepOption.Folds, TrainingInputs.Folds(spec).ToString(null, null))
            : [.. TrainingInputs.HoldoutArguments(spec), .. TrainingInputs.RefitArguments(spec)],
        StepOption.Seed, TrainingInputs.Seed(spec).ToString(null, null),
        .. Assignments(StepOption.Require, spec.Evaluation?.Require),
    ];

    // What was trained knows itself whether it tells classes or numbers, and has been fitted already.
    private static string[] PackageArguments(IrisTrainingSpec spec, TrainingRun run) =>
    [
        StepCommand.Package, UserTrainer.Output.Path, $"{Models}/{run.ModelPath}",
        StepOption.Data, InputOf(spec.Dataset),
        .. Argument.Option(StepOption.Target, spec.Dataset.Target),
        .. TrainingInputs.TableArguments(spec.Dataset),
        .. TrainingInputs.HoldoutArguments(spec),
        StepOption.Seed, TrainingInputs.Seed(spec).ToString(null, null),
        .. Assignments(StepOption.Require, spec.Evaluation?.Require),
    ];

    private static string InputOf(DatasetSource dataset) => dataset.Path is { } path ? $"{Data}/{path}" : Data;

    internal static V1ResourceRequirements Resources(TrainerSpec? trainer) =>
        PodDefaults.Resources(trainer?.Resources, cpu: "100m", memory: "128Mi", memoryLimit: MemoryLimit);

    /// <param name="retrySeconds">How long the pod itself retries; null for the publisher's default of ten minutes.</param>
    /// <param name="rebase">True leaves a model alone that is not the newest.</param>
    public static V1Job Publish(
        IrisTraining training, string jobName, TrainingRun run, OperatorOptions options, int? retrySeconds = null, bool rebase = false)
    {
        var publish = training.Spec.Publish!;
        string[] arguments =
        [
            StepCommand.Publish, $"{Models}/{run.ModelPath}",
            StepOption.Repository, publish.Repository,
            StepOption.Series, publish.Version,
            .. Base(publish.Base, options),
            .. Argument.Flag(StepOption.Rebase, rebase),
            .. Argument.Option(StepOption.RetryTimeout, retrySeconds?.ToString(null, null)),
            .. Annotation(ImageAnnotation.Training, $"{training.Metadata.NamespaceProperty}/{training.Metadata.Name}"),
            .. Annotation(ImageAnnotation.TrainingUid, training.Metadata.Uid),
            .. Annotation(ImageAnnotation.Trainer, run.Image),
            .. RegistryAccess.Arguments(publish, options),
        ];
        var job = Step(jobName, StepContainer.Publish, arguments, options, PublishSeconds) with
        {
            Folders = [ModelsOf(run, readOnly: true)],
            Access = RegistryAccess.Mounts(publish),
        };
        return Build(training, job, run, options);
    }

    /// <summary>Removes versions that spec.publish.retain does not keep and nothing uses.</summary>
    /// <param name="inUse">Digests, versions and ranges that models and trainings use, as of now.</param>
    public static V1Job Prune(IrisTraining training, string jobName, IEnumerable<string> inUse, OperatorOptions options)
    {
        var publish = training.Spec.Publish!;
        string[] arguments =
        [
            StepCommand.Prune,
            StepOption.Repository, publish.Repository,
            StepOption.Retain, publish.Retain!.Value.ToString(null, null),
            .. Argument.Flag(StepOption.DryRun, publish.RetainDryRun == true),
            .. Argument.Options(StepOption.Keep, inUse),
            .. RegistryAccess.Arguments(publish, options),
        ];
        var job = Step(jobName, StepContainer.Prune, arguments, options, (long)PruneTime.TotalSeconds) with
        {
            Access = RegistryAccess.Mounts(publish),
        };
        return Build(training, job, null, options);
    }

    /// <summary>Removes model folders of the training from the claim of a run.</summary>
    /// <param name="inUse">Names of folders that stay.</param>
    public static V1Job PruneModels(
        IrisTraining training, string jobName, TrainingRun run, IEnumerable<string> inUse, OperatorOptions options)
    {
        string[] arguments =
        [
            StepCommand.PruneModels, StepOption.Folder, $"{Models}/{training.Metadata.Name}", .. Argument.Options(StepOption.Keep, inUse),
        ];
        var job = Step(jobName, StepContainer.Prune, arguments, options, (long)PruneTime.TotalSeconds) with { Folders = [ModelsOf(run)] };
        return Build(training, job, run, options);
    }

    // The installation's image, even where the trainer is a user's: only this container holds the registry's credentials.
    private static StepJob Step(string name, string container, string[] arguments, OperatorOptions options, long deadlineSeconds) =>
        new(name, container, options.TrainerImage, arguments) { DeadlineSeconds = deadlineSeconds };

    /// <param name="run">The run whose claim the pod mounts; null for none.</param>
    /// <param name="isOurs">False where the image is the user's: the installation's secrets are for its own.</param>
    private static V1Job Build(IrisTraining training, StepJob job, TrainingRun? run, OperatorOptions options, bool isOurs = true)
    {
        var trainer = training.Spec.Trainer;
        var complete = job with
        {
            Claim = run?.ClaimName,
            ClaimAccessMode = run?.ClaimAccessMode,
            PullSecrets = [.. isOurs ? options.PullSecrets : [], .. (trainer?.ImagePullSecrets ?? []).Select(secret => secret.Name)],
            PodLabels = trainer?.PodLabels,
            PodAnnotations = trainer?.PodAnnotations,
            Placement = job.Placement with
            {
                // A claim may be within reach of some nodes only, and what the trainer wrote on it belongs to its user.
                NodeSelector = trainer?.NodeSelector,
                Tolerations = trainer?.Tolerations,
                UserId = run is null ? null : trainer?.RunAsUser,
            },
        };
        return complete.Build(training, Labels.For("iris-training", Labels.Training, training.Metadata.Name!), options);
    }

    // What is left of it for a later attempt.
    private static long? DeadlineSeconds(IrisTrainingSpec spec, TrainingRun run) =>
        spec.ActiveDeadlineSeconds is { } seconds && run.RetryTime - run.Started is { } before
            ? Math.Max(1, seconds + (run.SuspendedSeconds ?? 0) - (long)before.TotalSeconds)
            : spec.ActiveDeadlineSeconds;

    private static IEnumerable<Mount> SharedMemoryOf(TrainerSpec? trainer) => trainer?.SharedMemory is not { } size ? [] :
    [
        new(
            new V1Volume
            {
                Name = "shared-memory",
                EmptyDir = new V1EmptyDirVolumeSource { Medium = "Memory", SizeLimit = new ResourceQuantity(size) },
            },
            SharedMemory),
    ];

    private static Mount ModelsOf(TrainingRun run, bool? readOnly = null) =>
        new(PodDefaults.ClaimVolume("models", run.ClaimName, readOnly), Models, readOnly);

    // Read-only at the volume, not only at the mount: kubelet would else hand the user's data to our group (fsGroup).
    private static V1Volume DataVolume(DatasetSource dataset) => dataset.ConfigMapName is { } configMap
        ? new V1Volume { Name = "data", ConfigMap = new V1ConfigMapVolumeSource { Name = configMap } }
        : PodDefaults.ClaimVolume("data", dataset.ClaimName, readOnly: true);

    private static IEnumerable<string> Assignments(string option, IReadOnlyDictionary<string, string>? values) =>
        Argument.Options(option, TrainingInputs.Sorted(values).Select(entry => $"{entry.Key}={entry.Value}"));

    private static string[] Base(BaseImageSpec? image, OperatorOptions options) => image switch
    {
        null => [StepOption.Base, options.ServingImage],
        _ when ImageVersion.IsDigest(image.Version) => [StepOption.Base, $"{image.Repository}@{image.Version}"],
        _ => [StepOption.Base, image.Repository, StepOption.BaseVersion, image.Version],
    };

    private static string[] Annotation(string name, string? value) =>
        Argument.Option(StepOption.Annotation, value is null ? null : $"{name}={value}");
}
