using System.Text.Json.Serialization;

namespace IrisOperator.Operator.Api.V1Alpha1;

/// <summary>A model that the cluster keeps served: a Deployment and a Service, both named after it.</summary>
/// <remarks>Caveat: metadata.name must be a DNS-1035 label of at most 50 characters, because children are named after it.</remarks>
[KubernetesEntity(Group = ApiGroup.Name, ApiVersion = ApiGroup.Version, Kind = KubeKind, PluralName = "irismodels")]
[JsonContext<ApiJsonContext>]
[Category("iris")]
[ShortName("irm")]
[Description("Serves a trained model, as a Deployment and a Service that follow the newest accepted run or stay on a pinned one.")]
[ScaleSubresource(".spec.replicas", ".status.replicas", LabelSelectorPath = ".status.selector")]
[StatusSubresource]
[PrinterColumn("Ready", "string", ".status.conditions[?(@.type==\"Ready\")].status")]
[PrinterColumn("Replicas", "string", ".status.served")]
[PrinterColumn("Run", "string", ".status.model.source")]
[PrinterColumn("Version", "string", ".status.image.version")]
[PrinterColumn("Suspended", "boolean", ".spec.suspend")]
[PrinterColumn("Digest", "string", ".status.modelDigest", Priority = 1)]
[PrinterColumn("Image", "string", ".status.image.reference", Priority = 1)]
[PrinterColumn("Message", "string", ".status.conditions[?(@.type==\"Ready\")].message")]
[PrinterColumn("Age", "date", ".metadata.creationTimestamp")]
public sealed record IrisModel : IKubernetesObject<V1ObjectMeta>
{
    public const string KubeKind = "IrisModel";

    public string ApiVersion { get; set; } = $"{ApiGroup.Name}/{ApiGroup.Version}";

    public string Kind { get; set; } = KubeKind;

    public required V1ObjectMeta Metadata { get; set; }

    public required IrisModelSpec Spec { get; init; }

    public IrisModelStatus? Status { get; init; }
}

/// <summary>What to serve, with what, how often. Defaults are those of the schema.</summary>
public sealed record IrisModelSpec
{
    [Description("Pods that serve. 0 is valid: nothing is served.")]
    [Minimum(0), Maximum(1000), Default(1)]
    public int? Replicas { get; init; }

    [Description(
        "The image that holds the model, or the server for a model on a volume. "
        + "Omitted: the server that the operator was installed with.")]
    public ModelImageSpec? Image { get; init; }

    [Description("Where the model comes from. Omitted: the image holds it, and spec.image must be set.")]
    public ModelSource? Model { get; init; }

    [Description("The server inside each pod.")]
    public ServerSpec? Server { get; init; }

    [Description("How a change is rolled out.")]
    public RolloutSpec? Rollout { get; init; }

    [Description("True freezes Deployment and Service as they are; they go on serving.")]
    public bool? Suspend { get; init; }
}

/// <summary>Which versions of an image a model follows. What it means at the moment is pinned by digest.</summary>
public sealed record ModelImageSpec
{
    [Description("Registry and path without a tag, such as registry.example/iris.")]
    [MinLength(1), MaxLength(255)]
    public required string Repository { get; init; }

    [Description("A range (1.x, ^1.2, ~1.2.3, >=1.0 <2.0), an exact version (1.2.3) or a digest (sha256:<64 hex digits>). Never latest.")]
    [MaxLength(256)]
    public string? Version { get; init; }

    [Description("An exact version or a digest that is served whatever the range has, until this field is removed.")]
    [MinLength(1), MaxLength(128)]
    public string? Pin { get; init; }

    [Description("True keeps what is served; status.image.candidate shows what would have been taken.")]
    public bool? Hold { get; init; }

    [Description("Seconds between polls of the registry. All models of a repository share one poll, at the shortest interval of theirs.")]
    [Minimum(10), Maximum(86400), Default(60)]
    public int? PollIntervalSeconds { get; init; }

    [Description("Secret of type kubernetes.io/dockerconfigjson with which nodes pull the image. The operator itself never reads it.")]
    [MinLength(1), MaxLength(253)]
    public string? PullSecretName { get; init; }
}

/// <summary>Names the training whose models are served.</summary>
public sealed record ModelSource
{
    [Description("An IrisTraining of the same namespace.")]
    public TrainingReference? TrainingRef { get; init; }
}

/// <summary>Follows the newest accepted run unless a run is pinned.</summary>
public sealed record TrainingReference
{
    [Description("Name of the IrisTraining.")]
    [MinLength(1), MaxLength(253)]
    public required string Name { get; init; }

    [Description("Number of the run to stay on. Omitted: the newest accepted run.")]
    [Minimum(1)]
    public int? Run { get; init; }
}

/// <summary>Settings of the prediction server.</summary>
public sealed record ServerSpec
{
    [Description("Port inside the pod. The Service listens on 80.")]
    [Minimum(1024), Maximum(65535), Default(8080)]
    public int? Port { get; init; }

    [Description("Annotations of the serving pods, such as sidecar.istio.io/inject: \"false\".")]
    public IReadOnlyDictionary<string, string>? PodAnnotations { get; init; }

    [Description("Labels of the serving pods. Those that the operator sets itself stay as they are.")]
    public IReadOnlyDictionary<string, string>? PodLabels { get; init; }

    [Description("Requests and limits of the serving container.")]
    public ResourceSpec? Resources { get; init; }

    [Description("A prediction that takes longer, in seconds, is answered with an error.")]
    [Minimum(1), Maximum(300), Default(2)]
    public int? RequestTimeoutSeconds { get; init; }

    [Description("Predictions at one time in each pod; more are answered with 503. 0: twice the cores.")]
    [Minimum(0), Maximum(10000), Default(0)]
    public int? MaxConcurrency { get; init; }
}

/// <summary>A rolling update never goes below the wanted number of replicas.</summary>
public sealed record RolloutSpec
{
    [Description("Seconds without progress after which a rollout counts as stuck (Stalled).")]
    [Minimum(1), Maximum(86400), Default(600)]
    public int? ProgressDeadlineSeconds { get; init; }

    [Description("Whether an image that fails is rejected and the last one that served comes back by itself. True unless set.")]
    [Default(true)]
    public bool? AutoRollback { get; init; }

    [Description("Tries a new version of spec.image on a few pods before the others get it. Omitted: it is rolled out at once.")]
    public CanarySpec? Canary { get; init; }
}

/// <summary>A canary: a new version on a few pods before the others get it. Exactly one of Replicas and Weight is set.</summary>
public sealed record CanarySpec
{
    [Description("Pods that try a new version, beside those of spec.replicas.")]
    [Minimum(1), Maximum(1000)]
    public int? Replicas { get; init; }

    [Description("Pods that try a new version, in percent of spec.replicas, rounded up to whole pods.")]
    [Minimum(1), Maximum(99)]
    public int? Weight { get; init; }

    [Description("Seconds that a new version is tried, from the moment when all pods of the canary are ready.")]
    [Minimum(1), Maximum(86400), Default(60)]
    public int? DurationSeconds { get; init; }

    [Description(
        "The share of requests, from 0 to 1, that may be answered with a status of 500 or above (503, overload, does not count). "
        + "More rejects the version at once.")]
    [Pattern("^(0(\\.[0-9]{1,9})?|1(\\.0{1,9})?)$")]
    [NumberOrString, JsonConverter(typeof(NumberOrString))]
    [Default("0.01")]
    public string? MaxErrorRate { get; init; }

    [Description("Requests below which nothing is concluded from their errors: the golden requests alone decide.")]
    [Minimum(0), Default(20)]
    public int? MinRequests { get; init; }
}
