namespace IrisOperator.Contracts;

/// <summary>Exit codes of trainer and server. After 1 another attempt may succeed, after 2 it would fail in the same way.</summary>
public static class ExitCode
{
    public const int Success = 0;
    public const int MayBeRetried = 1;
    public const int BadInput = 2;
}

/// <summary>Values of <see cref="StepReport.Outcome"/>.</summary>
public static class Outcome
{
    public const string Accepted = nameof(Accepted);

    /// <summary>Trained, and below what <c>--require</c> asks.</summary>
    public const string Rejected = nameof(Rejected);
    public const string Failed = nameof(Failed);
    public const string Published = nameof(Published);

    /// <summary>The newest version of the series has the same model on the same base.</summary>
    public const string Unchanged = nameof(Unchanged);

    /// <summary>The model is not to be published: its run was not accepted, or with <c>--rebase</c> another model is the newest.</summary>
    public const string Skipped = nameof(Skipped);
    public const string Pruned = nameof(Pruned);
    public const string DryRun = nameof(DryRun);
}

/// <summary>
/// Annotations of a model's image (docs/spec/image.md). Readers trust none of them: everybody who can push can write them.
/// </summary>
public static class ImageAnnotation
{
    public const string Prefix = "iris-operator.dev/";
    public const string ModelDigest = Prefix + "model-digest";
    public const string DatasetDigest = Prefix + "dataset-digest";
    public const string Seed = Prefix + "seed";
    public const string Schema = Prefix + "schema";
    public const string Training = Prefix + "training";
    public const string TrainingUid = Prefix + "training-uid";
    public const string Trainer = Prefix + "trainer";
    public const string TrainerDigest = Prefix + "trainer-digest";

    /// <summary>The name of the metric follows.</summary>
    public const string MetricPrefix = Prefix + "metric.";

    /// <summary>Of the OCI, as the two that follow.</summary>
    public const string BasePrefix = "org.opencontainers.image.base.";
    public const string BaseName = BasePrefix + "name";
    public const string BaseDigest = BasePrefix + "digest";
}

/// <summary>Variables by which a pod or an image tells the server what to serve.</summary>
public static class ServingVariable
{
    /// <summary>The folder of the model.</summary>
    public const string ModelFolder = "IRIS_MODEL_DIR";

    /// <summary>The server refuses a model with another digest.</summary>
    public const string ModelDigest = "IRIS_MODEL_DIGEST";
}

/// <summary>Commands of the trainer's image beside training, which is the one without a name.</summary>
public static class StepCommand
{
    public const string Import = "import";
    public const string Package = "package";
    public const string Publish = "publish";
    public const string Prune = "prune";
    public const string PruneModels = "prune-models";
}

/// <summary>
/// Options of the trainer's image that the operator sets. Those up to Encoding are also those of any other image that trains.
/// </summary>
public static class StepOption
{
    public const string Target = "--target";
    public const string Algorithm = "--algorithm";
    public const string Param = "--param";
    public const string Folds = "--folds";
    public const string Holdout = "--holdout";
    public const string HoldoutColumn = "--holdout-column";
    public const string HoldoutOrder = "--holdout-order";
    public const string Refit = "--refit";
    public const string Seed = "--seed";
    public const string Require = "--require";
    public const string File = "--file";
    public const string Task = "--task";
    public const string Feature = "--feature";
    public const string Exclude = "--exclude";
    public const string Categorical = "--categorical";
    public const string Column = "--column";
    public const string Missing = "--missing";
    public const string Delimiter = "--delimiter";
    public const string Decimal = "--decimal";
    public const string Encoding = "--encoding";
    public const string Repository = "--repository";
    public const string Series = "--series";
    public const string Base = "--base";
    public const string BaseVersion = "--base-version";
    public const string Rebase = "--rebase";
    public const string RetryTimeout = "--retry-timeout";
    public const string Annotation = "--annotation";
    public const string Retain = "--retain";
    public const string Keep = "--keep";
    public const string DryRun = "--dry-run";
    public const string Folder = "--folder";
    public const string Data = "--data";
    public const string Credentials = "--credentials";
    public const string RegistryCa = "--registry-ca";
    public const string Registry = "--registry";
    public const string InsecureRegistry = "--insecure-registry";
    public const string TokenService = "--token-service";
    public const string OnlyNamedRegistries = "--only-named-registries";
}
