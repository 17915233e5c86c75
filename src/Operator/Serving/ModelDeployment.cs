using System.Text.Json.Serialization.Metadata;

namespace IrisOperator.Operator.Serving;

/// <summary>The Deployment of a model. The same model, run and options give the same object.</summary>
public static class ModelDeployment
{
    /// <summary>
    /// Annotation on pods: the run or the image's digest that they serve, for the message while an earlier version still serves. Not the
    /// version: another tag of the same digest would replace all pods.
    /// </summary>
    public const string SourceAnnotation = "iris-operator.dev/source";

    // Half as many again, rounded up: three replicas are new after two steps instead of three.
    private const string MaxSurge = "50%";

    private static readonly JsonTypeInfo<V1PodTemplateSpec> _templateJson = KubeJson.TypeInfo<V1PodTemplateSpec>();

    private const string ServerContainer = "server";
    private const int DrainSeconds = 5;
    private const int ExitMarginSeconds = 5;

    // With a shorter deadline for progress the rollout counts as stuck, but a start that goes on is not ended.
    private const int MinStartSeconds = 60;

    /// <param name="run">Null when the image holds the model.</param>
    public static V1Deployment Build(IrisModel model, ServedModel? run, ServedImage image, OperatorOptions options) =>
        Build(model, run, image, options, model.Metadata.Name!, Replicas(model), track: []);

    /// <summary>The Deployment of a canary. The Service selects its pods too: their number is their share of the requests.</summary>
    /// <remarks>
    /// The selector of the other Deployment matches these pods as well, and cannot be changed where one runs. Nothing is adopted by that:
    /// every replica set and pod has its controller from the moment it is made.
    /// </remarks>
    public static V1Deployment BuildCanary(IrisModel model, ServedImage image, int replicas, OperatorOptions options) =>
        Build(model, run: null, image, options, CanaryName(model), replicas, new() { [Labels.Track] = Labels.CanaryTrack });

    public static string CanaryName(IrisModel model) => $"{model.Metadata.Name}-canary";

    public static string? Image(V1Deployment deployment) =>
        deployment.Spec?.Template?.Spec?.Containers?.FirstOrDefault(container => container.Name == ServerContainer)?.Image;

    private static V1Deployment Build(
        IrisModel model, ServedModel? run, ServedImage image, OperatorOptions options, string name, int replicas,
        Dictionary<string, string> track)
    {
        var labels = Labels.For("iris-model", Labels.Model, model.Metadata.Name!).Concat(track).ToDictionary();
        var deployment = Kind<V1Deployment>.Complete(new V1Deployment
        {
            Metadata = AppliedObject.MetadataFor(model, name, labels),
            Spec = new V1DeploymentSpec
            {
                Replicas = replicas,
                Selector = new V1LabelSelector { MatchLabels = Selector(model).Concat(track).ToDictionary() },
                RevisionHistoryLimit = 3,
                ProgressDeadlineSeconds = ProgressDeadline(model),
                Strategy = new V1DeploymentStrategy
                {
                    Type = "RollingUpdate",
                    RollingUpdate = new V1RollingUpdateDeployment { MaxUnavailable = 0, MaxSurge = MaxSurge },
                },
                Template = Template(model, run, image, labels, options),
            },
        });
        return deployment with { Metadata = deployment.Metadata with { Annotations = AppliedObject.HashOf(deployment) } };
    }

    public static int Replicas(IrisModel model) => model.Spec.Replicas ?? 1;

    /// <summary>In seconds.</summary>
    public static int ProgressDeadline(IrisModel model) => model.Spec.Rollout?.ProgressDeadlineSeconds ?? 600;

    public static int Port(IrisModel model) => model.Spec.Server?.Port ?? 8080;

    public static Dictionary<string, string> Selector(IrisModel model) => new() { [Labels.Model] = model.Metadata.Name! };

    public static string? Revision(V1Deployment deployment) =>
        deployment.Spec?.Template?.Metadata?.Labels?.TryGetValue(Labels.Revision, out var revision) == true ? revision : null;

    private static V1PodTemplateSpec Template(
        IrisModel model, ServedModel? run, ServedImage image, Dictionary<string, string> labels, OperatorOptions options)
    {
        var podLabels = PodDefaults.LabelsOf(labels, run?.ClaimName, model.Spec.Server?.PodLabels);
        var template = new V1PodTemplateSpec
        {
            Metadata = new V1ObjectMeta
            {
                Labels = podLabels,
                Annotations = Annotations(model, Source(run, image)),
            },
            Spec = Pod(model, run, image, options),
        };
        // The hash is of everything but itself: the label joins the map that the template already holds.
        var hash = AppliedObject.Hash(10, template, _templateJson);
        podLabels[Labels.Revision] = hash;
        return template;
    }

    private static Dictionary<string, string>? Annotations(IrisModel model, string? source)
    {
        var all = model.Spec.Server?.PodAnnotations?.ToDictionary() ?? [];
        if (source is not null)
        {
            all[SourceAnnotation] = source;
        }

        return all.Count == 0 ? null : all;
    }

    private static string? Source(ServedModel? run, ServedImage image) => run is null ? image.Digest : run.Source;

    private static V1PodSpec Pod(IrisModel model, ServedModel? run, ServedImage image, OperatorOptions options)
    {
        // The installation's secrets are for its own server: of other images the spec has one.
        var secrets = model.Spec.Image is null ? options.PullSecrets : [];
        var affinity = PodDefaults.SameNodeFor(run?.ClaimName, run?.ClaimAccessMode);
        return PodDefaults.Pod(options) with
        {
            TerminationGracePeriodSeconds = DrainSeconds + Timeout(model) + ExitMarginSeconds,
            Affinity = affinity,
            TopologySpreadConstraints = affinity is null ? [Spread(model)] : null,
            ImagePullSecrets = PodDefaults.PullSecrets([.. secrets, model.Spec.Image?.PullSecretName]),
            Containers = [Container(model, run, image)],
            Volumes = [.. ModelVolume(run), PodDefaults.TemporaryVolume],
        };
    }

    private static V1Container Container(IrisModel model, ServedModel? run, ServedImage image) =>
        PodDefaults.Container(ServerContainer, image.Reference, env: Environment(model, run)) with
        {
            Ports = [new V1ContainerPort { Name = "http", ContainerPort = Port(model), Protocol = "TCP" }],
            Resources = PodDefaults.Resources(model.Spec.Server?.Resources, cpu: "50m", memory: "64Mi", memoryLimit: "256Mi"),
            // The port opens after the model's own samples were answered. A look each second costs little and shortens every rollout.
            // Not /readyz: it refuses while the pod drains, which tells a kubelet nothing new and leaves a Warning event a second.
            ReadinessProbe = Probe("/healthz", period: 1, failures: 2),
            LivenessProbe = Probe("/healthz", period: 10, failures: 3),
            // The server listens once the model is loaded: a slow load ends by the progress deadline, not by a restart.
            StartupProbe = Probe("/healthz", period: 1, failures: Math.Max(MinStartSeconds, ProgressDeadline(model))),
            VolumeMounts =
            [
                .. ModelVolume(run).Select(volume =>
                    new V1VolumeMount { Name = volume.Name, MountPath = "/models", ReadOnlyProperty = true }),
                PodDefaults.TemporaryMount,
            ],
        };

    private static IEnumerable<V1EnvVar> Environment(IrisModel model, ServedModel? run)
    {
        if (run is not null)
        {
            yield return new V1EnvVar { Name = ServingVariable.ModelFolder, Value = $"/models/{run.Path}" };
            yield return new V1EnvVar { Name = ServingVariable.ModelDigest, Value = run.Digest };
        }

        yield return new V1EnvVar { Name = "IRIS_PORT", Value = Port(model).ToString(null, null) };
        yield return new V1EnvVar { Name = "IRIS_REQUEST_TIMEOUT_MS", Value = (Timeout(model) * 1000).ToString(null, null) };
        yield return new V1EnvVar { Name = "IRIS_MAX_CONCURRENCY", Value = (model.Spec.Server?.MaxConcurrency ?? 0).ToString(null, null) };
        yield return new V1EnvVar { Name = "IRIS_DRAIN_SECONDS", Value = DrainSeconds.ToString(null, null) };
    }

    private static IEnumerable<V1Volume> ModelVolume(ServedModel? run) =>
        run is null ? [] : [PodDefaults.ClaimVolume("models", run.ClaimName, readOnly: true)];

    private static V1Probe Probe(string path, int period, int failures) => new()
    {
        HttpGet = new V1HTTPGetAction { Path = path, Port = "http", Scheme = "HTTP" },
        PeriodSeconds = period,
        TimeoutSeconds = 2,
        FailureThreshold = failures,
    };

    private static V1TopologySpreadConstraint Spread(IrisModel model) => new()
    {
        MaxSkew = 1,
        TopologyKey = "kubernetes.io/hostname",
        WhenUnsatisfiable = "ScheduleAnyway",
        LabelSelector = new V1LabelSelector { MatchLabels = Selector(model) },
    };

    private static int Timeout(IrisModel model) => model.Spec.Server?.RequestTimeoutSeconds ?? 2;
}
