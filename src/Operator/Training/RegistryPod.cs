using IrisOperator.Operator.Training.Steps;

namespace IrisOperator.Operator.Training;

/// <summary>Containers that access the registry of a training, and their command lines (docs/spec/image.md).</summary>
internal static class RegistryPod
{
    private const string CredentialsPath = "/registry/credentials";
    private const string CertificatePath = "/registry/ca";

    /// <summary>Publishes the model of a run; its pod has the volume <c>models</c>.</summary>
    /// <param name="rebase">True leaves a model alone that is not the newest.</param>
    public static V1Container Publisher(IrisTraining training, TrainingRun run, OperatorOptions options, bool rebase = false)
    {
        var publish = training.Spec.Publish!;
        string[] arguments =
        [
            "publish", $"/models/{run.ModelPath}",
            "--repository", publish.Repository,
            "--series", publish.Version,
            .. Base(publish.Base, options),
            .. Flag("--rebase", rebase),
            .. Annotation(ImageAnnotation.Training, $"{training.Metadata.NamespaceProperty}/{training.Metadata.Name}"),
            .. Annotation(ImageAnnotation.TrainingUid, training.Metadata.Uid),
            .. Annotation(ImageAnnotation.Trainer, run.Image),
        ];
        var models = new V1VolumeMount { Name = "models", MountPath = "/models", ReadOnlyProperty = true };
        return Container(StepContainer.Publish, arguments, publish, options, models);
    }

    /// <summary>Removes old versions.</summary>
    /// <param name="inUse">Digests, versions and ranges that models and trainings use.</param>
    public static V1Container Pruner(PublishSpec publish, IEnumerable<string> inUse, OperatorOptions options)
    {
        string[] arguments =
        [
            "prune",
            "--repository", publish.Repository,
            "--retain", publish.Retain!.Value.ToString(null, null),
            .. Flag("--dry-run", publish.RetainDryRun == true),
            .. inUse.SelectMany(entry => Option("--keep", entry)),
        ];
        return Container(StepContainer.Prune, arguments, publish, options);
    }

    /// <summary>Secret and certificate authority of the spec.</summary>
    public static IEnumerable<V1Volume> Volumes(PublishSpec? publish) => Sources(publish).Select(source => source.Volume);

    /// <returns>Empty where there is no value.</returns>
    public static string[] Option(string name, string? value) => value is null ? [] : [name, value];

    // The installation's image, even where the trainer is a user's: only this container holds the registry's credentials.
    private static V1Container Container(
        string name, IEnumerable<string> arguments, PublishSpec publish, OperatorOptions options, params V1VolumeMount[] mounts) =>
        PodDefaults.Container(name, options.TrainerImage,
        [
            .. arguments,
            .. Option("--credentials", publish.SecretName is null ? null : $"{CredentialsPath}/.dockerconfigjson"),
            .. Option("--registry-ca", publish.CaConfigMapName is null ? null : $"{CertificatePath}/ca.crt"),
            .. options.Registries.Except(options.InsecureRegistries).SelectMany(host => Option("--registry", host)),
            .. options.InsecureRegistries.SelectMany(host => Option("--insecure-registry", host)),
            .. options.TokenServices.SelectMany(host => Option("--token-service", host)),
            .. Flag("--only-named-registries", options.OnlyNamedRegistries),
        ]) with
        {
            Resources = PodDefaults.Resources(null, cpu: "50m", memory: "64Mi", memoryLimit: "256Mi"),
            VolumeMounts =
            [
                .. mounts,
                PodDefaults.TemporaryMount,
                .. Sources(publish).Select(source =>
                    new V1VolumeMount { Name = source.Volume.Name, MountPath = source.Path, ReadOnlyProperty = true }),
            ],
        };

    private static string[] Base(BaseImageSpec? image, OperatorOptions options) => image switch
    {
        null => ["--base", options.ServingImage],
        _ when ImageVersion.IsDigest(image.Version) => ["--base", $"{image.Repository}@{image.Version}"],
        _ => ["--base", image.Repository, "--base-version", image.Version],
    };

    private static string[] Annotation(string name, string? value) =>
        Option("--annotation", value is null ? null : $"{name}={value}");

    private static string[] Flag(string name, bool isSet) => isSet ? [name] : [];

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
}
