namespace IrisOperator.Operator.Jobs;

/// <summary>
/// The Job of one attempt of a step. Created once and never changed. The operator itself tries again: a Job would start another pod
/// before anybody has read why the first one failed, and with the Secrets that it mounted then.
/// </summary>
/// <param name="Container">Name of the container that reports, one of <see cref="StepContainer"/>.</param>
internal sealed record StepJob(string Name, string Container, string Image, IEnumerable<string> Arguments)
{
    public V1ResourceRequirements Resources { get; init; } =
        PodDefaults.Resources(null, cpu: "50m", memory: "64Mi", memoryLimit: "256Mi");

    /// <summary>As they are: <c>$(X)</c> is kubelet's.</summary>
    public IReadOnlyList<V1EnvVar>? Variables { get; init; }

    /// <summary>What has to end well before the container starts; its volumes are among the folders.</summary>
    public V1Container? Before { get; init; }

    /// <summary>Where the data is. A volume may be mounted twice.</summary>
    public IReadOnlyList<Mount> Folders { get; init; } = [];

    /// <summary>What the container needs to access other programs.</summary>
    public IReadOnlyList<Mount> Access { get; init; } = [];

    /// <summary>The claim by which pods keep to one node, if only one can mount it; null for a pod without one.</summary>
    public string? Claim { get; init; }

    public string? ClaimAccessMode { get; init; }

    public long? DeadlineSeconds { get; init; }

    public IEnumerable<string> PullSecrets { get; init; } = [];

    public IReadOnlyDictionary<string, string>? PodLabels { get; init; }

    public IReadOnlyDictionary<string, string>? PodAnnotations { get; init; }

    /// <summary>Of the Job itself, where queues look.</summary>
    public IReadOnlyDictionary<string, string>? JobLabels { get; init; }

    public IDictionary<string, string>? JobAnnotations { get; init; }

    public Placement Placement { get; init; } = new();

    /// <param name="labels">Of the Job beside <see cref="JobLabels"/>, and of the pod beside <see cref="PodLabels"/>.</param>
    public V1Job Build(IKubernetesObject<V1ObjectMeta> owner, Dictionary<string, string> labels, OperatorOptions options)
    {
        var container = PodDefaults.Container(Container, Image, Arguments) with
        {
            Env = Variables?.ToArray(),
            Resources = Resources,
            VolumeMounts =
            [
                .. Folders.Select(folder => folder.ToVolumeMount()),
                PodDefaults.TemporaryMount,
                .. Access.Select(access => access.ToVolumeMount()),
            ],
        };
        return Kind<V1Job>.Complete(new V1Job
        {
            Metadata = AppliedObject.MetadataFor(owner, Name, PodDefaults.LabelsOf(labels, claim: null, JobLabels)) with
            {
                Annotations = JobAnnotations,
            },
            Spec = new V1JobSpec
            {
                BackoffLimit = 0,
                ActiveDeadlineSeconds = DeadlineSeconds,
                Template = new V1PodTemplateSpec
                {
                    Metadata = new V1ObjectMeta
                    {
                        Labels = PodDefaults.LabelsOf(labels, Claim, PodLabels),
                        Annotations = PodAnnotations?.ToDictionary(),
                    },
                    Spec = Placement.Of(PodDefaults.Pod(options)) with
                    {
                        Affinity = PodDefaults.SameNodeFor(Claim, ClaimAccessMode),
                        ImagePullSecrets = PodDefaults.PullSecrets(PullSecrets),
                        InitContainers = Before is null ? null : [Before],
                        Containers = [container],
                        RestartPolicy = "Never",
                        Volumes =
                        [
                            .. Folders.Concat(Access).Select(mount => mount.Volume).DistinctBy(volume => volume.Name),
                            PodDefaults.TemporaryVolume,
                        ],
                    },
                },
            },
        });
    }
}

/// <summary>A volume of a pod, and where its container has it.</summary>
internal sealed record Mount(V1Volume Volume, string Path, bool? IsReadOnly = null)
{
    public V1VolumeMount ToVolumeMount() => new() { Name = Volume.Name, MountPath = Path, ReadOnlyProperty = IsReadOnly };
}

/// <summary>Parts of a command line.</summary>
internal static class Argument
{
    /// <returns>Empty where there is no value.</returns>
    public static string[] Option(string name, string? value) => value is null ? [] : [name, value];

    public static IEnumerable<string> Options(string name, IEnumerable<string> values) => values.SelectMany(value => Option(name, value));

    public static string[] Flag(string name, bool isSet) => isSet ? [name] : [];
}
