using System.Text.Json.Serialization;

namespace IrisOperator.Operator.Api.V1Alpha1;

/// <summary>A training that the cluster keeps done: the newest run belongs to the inputs that the spec names.</summary>
/// <remarks>Caveat: metadata.name must be a DNS-1035 label of at most 50 characters, because children are named after it.</remarks>
[KubernetesEntity(Group = ApiGroup.Name, ApiVersion = ApiGroup.Version, Kind = KubeKind, PluralName = "iristrainings")]
[JsonContext<ApiJsonContext>]
[Category("iris")]
[ShortName("irt")]
[StatusSubresource]
[Description("Trains a model from a table on a volume, judges it, and records every run.")]
[PrinterColumn("Ready", "string", ".status.conditions[?(@.type==\"Ready\")].status")]
[PrinterColumn("State", "string", ".status.conditions[?(@.type==\"Ready\")].reason")]
[PrinterColumn("Run", "integer", ".status.run")]
[PrinterColumn("Suspended", "boolean", ".spec.suspend")]
[PrinterColumn("Image", "string", ".status.image", Priority = 1)]
[PrinterColumn("Accuracy", "string", ".status.accuracy")]
[PrinterColumn("Message", "string", ".status.conditions[?(@.type==\"Ready\")].message")]
[PrinterColumn("Digest", "string", ".status.modelDigest", Priority = 1)]
[PrinterColumn("Age", "date", ".metadata.creationTimestamp")]
public sealed record IrisTraining : IKubernetesObject<V1ObjectMeta>
{
    public const string KubeKind = "IrisTraining";

    public string ApiVersion { get; set; } = $"{ApiGroup.Name}/{ApiGroup.Version}";

    public string Kind { get; set; } = KubeKind;

    public required V1ObjectMeta Metadata { get; set; }

    public required IrisTrainingSpec Spec { get; init; }

    public IrisTrainingStatus? Status { get; init; }
}

/// <summary>What to train, from what, and what is good enough. Defaults are those of the schema.</summary>
public sealed record IrisTrainingSpec
{
    internal const string Classification = "classification";
    internal const string Regression = "regression";

    [Description("The table to learn from. Exactly one of claimName and configMapName is set.")]
    public required DatasetSource Dataset { get; init; }

    [Description("What the target is: one of several classes, or a number.")]
    [Enumeration(Classification, Regression), Default(Classification)]
    public string? Task { get; init; }

    [Description("How to learn. Omitted: xgboost with its defaults.")]
    public AlgorithmSpec? Algorithm { get; init; }

    [Description("How the model is judged.")]
    public EvaluationSpec? Evaluation { get; init; }

    [Description("The program that trains. Omitted: the trainer that the operator was installed with.")]
    public TrainerSpec? Trainer { get; init; }

    [Description("The volume that receives the models. Omitted: a claim of 1Gi named <name>-models is made; it outlives the training.")]
    public OutputSpec? Output { get; init; }

    [Description("Makes each accepted model an image. Omitted: it stays on the volume.")]
    public PublishSpec? Publish { get; init; }

    [Description("True stops a run that is going on and starts none. What was trained stays.")]
    public bool? Suspend { get; init; }

    [Description("How often a run that failed is tried again, by another Job each time. Bad input is never tried again.")]
    [Minimum(0), Maximum(20), Default(2)]
    public int? BackoffLimit { get; init; }

    [Description("A run that takes longer, in seconds, fails. Omitted: no limit.")]
    [Minimum(1)]
    public long? ActiveDeadlineSeconds { get; init; }

    [Description("How many runs stay in the status, and their model folders on the claim. The newest accepted run always stays.")]
    [Minimum(1), Maximum(100), Default(10)]
    public int? HistoryLimit { get; init; }
}

/// <summary>
/// Passed to the trainer as it stands: the trainer is the authority on names and values, and its refusal ends up in the status.
/// </summary>
public sealed record AlgorithmSpec
{
    [Description(
        "xgboost, svm, lightgbm, random-forest, logistic-regression or linear-regression with the default trainer; "
        + "another one may know others.")]
    [MinLength(1), MaxLength(63), Default("xgboost")]
    public string? Name { get; init; }

    [Description("Parameters of the algorithm, such as rounds: 50. Values are numbers or strings.")]
    [NumberOrString, JsonConverter(typeof(NumbersOrStrings))]
    public IReadOnlyDictionary<string, string>? Parameters { get; init; }
}

/// <summary>The rows that judge a model, and the quality gate.</summary>
public sealed record EvaluationSpec
{
    [Description("Folds of the cross-validation. Without effect where holdout is set.")]
    [Minimum(2), Maximum(100), Default(5)]
    public int? Folds { get; init; }

    [Description("Rows that judge one model in place of a cross-validation, for large tables. Omitted: folds.")]
    public HoldoutSpec? Holdout { get; init; }

    [Description("Seed of every random choice. The same data, parameters and seed give the same model.")]
    [Minimum(0), Maximum(2147483647), Default(42)]
    public int? Seed { get; init; }

    [Description("Metrics that a run must reach, such as accuracy: 0.95. A run below is Rejected: recorded, never served.")]
    [NumberOrString, JsonConverter(typeof(NumbersOrStrings))]
    public IReadOnlyDictionary<string, string>? Require { get; init; }
}

/// <summary>The rows that are held out while the model that they judge is trained.</summary>
public sealed record HoldoutSpec
{
    [Description("Share of the rows, above 0 and below 1, such as 0.2: of each class, or of the last rows where orderBy is set.")]
    [NumberOrString, JsonConverter(typeof(NumberOrString))]
    public string? Share { get; init; }

    [Description(
        "Column that says of each row whether it is held out (test, true or 1) or learned from (train, false or 0), in place of share. It "
        + "is no feature.")]
    [MinLength(1)]
    public string? Column { get; init; }

    [Description("Column of numbers or dates: the rows that come last are held out, in place of rows that are drawn. It is no feature.")]
    [MinLength(1)]
    public string? OrderBy { get; init; }

    [Description(
        "Whether the published model learns from all rows once it is judged. False: it is the one that was judged, and has never seen the "
        + "rows that are held out; one training and not two.")]
    [Default(true)]
    public bool? Refit { get; init; }
}

/// <summary>
/// Either an existing claim, or the properties of one to be made. A claim that was made is never deleted with the training.
/// </summary>
public sealed record OutputSpec
{
    [Description("An existing PersistentVolumeClaim of the same namespace. Excludes the other fields.")]
    [MinLength(1), MaxLength(253)]
    public string? ClaimName { get; init; }

    [Description("Size of the claim to be made, such as 1Gi.")]
    [Quantity, JsonConverter(typeof(NumberOrString))]
    public string? Size { get; init; }

    [Description("Storage class of the claim to be made. Omitted: the cluster's default.")]
    [MinLength(1), MaxLength(253)]
    public string? StorageClassName { get; init; }

    [Description("ReadWriteOnce (the default) keeps all pods that use the claim on one node; ReadWriteMany spreads them.")]
    [Enumeration("ReadWriteOnce", "ReadWriteMany", "ReadWriteOncePod")]
    public string? AccessMode { get; init; }
}

/// <summary>Where an accepted model goes as an image: the serving image with one layer more, under the next version.</summary>
public sealed record PublishSpec
{
    [Description("Registry and path without a tag, such as registry.example/iris.")]
    [MinLength(1), MaxLength(255)]
    public required string Repository { get; init; }

    [Description("Major and minor version: 1.0 gives 1.0.0, 1.0.1 and so on. Other features or classes need another major version.")]
    [MinLength(1), MaxLength(32)]
    public required string Version { get; init; }

    [Description("The serving image under the model. Omitted: the server that the operator was installed with.")]
    public BaseImageSpec? Base { get; init; }

    [Description("True publishes the newest accepted model again, without training, whenever the base resolves to another image.")]
    public bool? Rebase { get; init; }

    [Description(
        "How many versions of the repository stay in any case, the highest. "
        + "Older ones that no IrisModel uses or remembers are removed after each publication. Omitted: nothing is removed.")]
    [Minimum(1), Maximum(1000)]
    public int? Retain { get; init; }

    [Description("True removes nothing; status.retention.removable shows what would be removed.")]
    public bool? RetainDryRun { get; init; }

    [Description(
        "Secret of type kubernetes.io/dockerconfigjson; mounted into the containers that publish and remove versions, and nowhere else.")]
    [MinLength(1), MaxLength(253)]
    public string? SecretName { get; init; }

    [Description("ConfigMap whose key ca.crt has the registry's certificate authority.")]
    [MinLength(1), MaxLength(253)]
    public string? CaConfigMapName { get; init; }
}

/// <summary>A serving image to put a model on.</summary>
public sealed record BaseImageSpec
{
    [Description("Registry and path without a tag, such as registry.example/iris-serving.")]
    [MinLength(1), MaxLength(255)]
    public required string Repository { get; init; }

    [Description("A range (1.x), an exact version (1.2.3) or a digest. The highest match is taken at each publication.")]
    [MinLength(1), MaxLength(256)]
    public required string Version { get; init; }
}
