namespace IrisOperator.Operator.Training.Desired;

/// <summary>The parts of a pod that speak with the registry of a training.</summary>
internal static class RegistryPod
{
    private const string CredentialsPath = "/registry/credentials";
    private const string CertificatePath = "/registry/ca";

    /// <summary>Publishes the model of a run; its pod has the volume <c>models</c>.</summary>
    public static V1Container Publisher(IrisTraining training, TrainingRun run, OperatorOptions options, bool rebase = false) => Container(
        TrainingJob.PublishContainer,
        PublishArguments.Of(training, run, options, rebase),
        training.Spec.Publish,
        options,
        new V1VolumeMount { Name = "models", MountPath = "/models", ReadOnlyProperty = true });

    /// <summary>Removes old versions.</summary>
    public static V1Container Pruner(IrisTraining training, IEnumerable<string> keep, OperatorOptions options) =>
        Container("prune", PruneArguments.Of(training.Spec.Publish!, keep, options), training.Spec.Publish, options);

    /// <summary>Secret and certificate authority of the spec.</summary>
    public static IEnumerable<V1Volume> Volumes(PublishSpec? publish) => Sources(publish).Select(source => source.Volume);

    /// <summary>Options of the program: as whom, and which registries may be spoken to.</summary>
    public static IEnumerable<string?> Arguments(PublishSpec publish, OperatorOptions options) =>
    [
        .. Option("--credentials", publish.SecretName is null ? null : $"{CredentialsPath}/.dockerconfigjson"),
        .. Option("--registry-ca", publish.CaConfigMapName is null ? null : $"{CertificatePath}/ca.crt"),
        .. options.Registries.Except(options.InsecureRegistries).SelectMany(host => Option("--registry", host)),
        .. options.InsecureRegistries.SelectMany(host => Option("--insecure-registry", host)),
    ];

    // Ours, whoever trained: it alone holds the registry's credentials.
    private static V1Container Container(
        string name, IEnumerable<string> arguments, PublishSpec? publish, OperatorOptions options,
        params IEnumerable<V1VolumeMount> mounts) =>
        new()
        {
            Name = name,
            Image = options.TrainerImage,
            ImagePullPolicy = "IfNotPresent",
            Args = [.. arguments],
            Resources = PodDefaults.Resources(null, cpu: "50m", memory: "64Mi", memoryLimit: "256Mi"),
            VolumeMounts =
            [
                .. mounts,
                new V1VolumeMount { Name = "tmp", MountPath = "/tmp" },
                .. Sources(publish).Select(source =>
                    new V1VolumeMount { Name = source.Volume.Name, MountPath = source.Path, ReadOnlyProperty = true }),
            ],
            TerminationMessagePath = "/dev/termination-log",
            TerminationMessagePolicy = "FallbackToLogsOnError",
            SecurityContext = PodDefaults.ContainerSecurity,
        };

    private static IEnumerable<(V1Volume Volume, string Path)> Sources(PublishSpec? publish)
    {
        if (publish?.SecretName is { } secret)
        {
            var credentials = new V1SecretVolumeSource { SecretName = secret };
            yield return (new V1Volume { Name = "registry-credentials", Secret = credentials }, CredentialsPath);
        }

        if (publish?.CaConfigMapName is { } map)
        {
            yield return (new V1Volume { Name = "registry-ca", ConfigMap = new V1ConfigMapVolumeSource { Name = map } }, CertificatePath);
        }
    }

    private static string?[] Option(string name, string? value) => value is null ? [] : [name, value];
}

/// <summary>The command line of the container that publishes (docs/spec/image.md).</summary>
internal static class PublishArguments
{
    /// <param name="training">With spec.publish.</param>
    /// <param name="run">The run whose model it is.</param>
    /// <param name="options">The base where the spec names none, and the registries of the installation.</param>
    /// <param name="rebase">True leaves a model alone that is not the newest.</param>
    public static IEnumerable<string> Of(IrisTraining training, TrainingRun run, OperatorOptions options, bool rebase)
    {
        var publish = training.Spec.Publish!;
        string?[] words =
        [
            "publish", $"/models/{run.ModelPath}",
            "--repository", publish.Repository,
            "--series", publish.Version,
            .. Base(publish.Base, options),
            rebase ? "--rebase" : null,
            .. Annotation("training", $"{training.Metadata.NamespaceProperty}/{training.Metadata.Name}"),
            .. Annotation("training-uid", training.Metadata.Uid),
            .. Annotation("trainer", run.Image),
            .. RegistryPod.Arguments(publish, options),
        ];
        return words.OfType<string>();
    }

    private static string?[] Base(BaseImageSpec? image, OperatorOptions options) => image switch
    {
        null => ["--base", options.ServingImage],
        _ when ImageVersion.IsDigest(image.Version) => ["--base", $"{image.Repository}@{image.Version}"],
        _ => ["--base", image.Repository, "--base-version", image.Version],
    };

    private static string?[] Annotation(string name, string? value) =>
        value is null ? [] : ["--annotation", $"iris-operator.dev/{name}={value}"];
}

/// <summary>The command line of the container that removes old versions (docs/spec/image.md).</summary>
internal static class PruneArguments
{
    /// <param name="publish">With retain.</param>
    /// <param name="keep">Digests, versions and ranges that somebody uses.</param>
    /// <param name="options">The registries of the installation.</param>
    public static IEnumerable<string> Of(PublishSpec publish, IEnumerable<string> keep, OperatorOptions options)
    {
        string?[] words =
        [
            "prune",
            "--repository", publish.Repository,
            "--retain", publish.Retain!.Value.ToString(null, null),
            publish.RetainDryRun == true ? "--dry-run" : null,
            .. keep.SelectMany(entry => new[] { "--keep", entry }),
            .. RegistryPod.Arguments(publish, options),
        ];
        return words.OfType<string>();
    }
}
