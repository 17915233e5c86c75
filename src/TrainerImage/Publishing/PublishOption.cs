namespace IrisOperator.TrainerImage.Publishing;

/// <summary>The options of the command publish.</summary>
internal static class PublishOption
{
    public static readonly OptionDefinition Repository = new("--repository", "REPO", "where versions go, such as registry.example/iris");
    public static readonly OptionDefinition Series = new("--series", "MAJOR.MINOR", "1.0 gives 1.0.0, 1.0.1 and so on");

    public static readonly OptionDefinition Base = new(
        "--base", "REPO[:TAG|@DIGEST]", "the image that serves; with neither tag nor digest, --base-version says which");

    public static readonly OptionDefinition BaseVersion = new(
        "--base-version", "RANGE", "the highest version of --base within it, such as 1.x");

    public static readonly OptionDefinition Rebase = OptionDefinition.Flag(
        "--rebase", "publish only what is the newest of the series already, on another base");

    public static readonly OptionDefinition Annotation = new("--annotation", "KEY=VALUE", "written on the image", Repeatable: true);
    public static readonly OptionDefinition Credentials = new("--credentials", "FILE", "a .dockerconfigjson (default: nobody)");

    public static readonly OptionDefinition RegistryCa = new(
        "--registry-ca", "FILE", "PEM; certificate authorities of registries, beside the system's");

    public static readonly OptionDefinition Registry = new(
        "--registry", "HOST[:PORT]", "a registry that may have a private address", Repeatable: true);

    public static readonly OptionDefinition InsecureRegistry = new(
        "--insecure-registry", "HOST[:PORT]", "the same, over plain http", Repeatable: true);

    public static readonly OptionDefinition Patience = new(
        "--patience", "SECONDS", "how long transient failures are retried (default: 600)");

    public static readonly IReadOnlyList<OptionDefinition> All =
    [
        Repository, Series, Base, BaseVersion, Rebase, Annotation, Credentials, RegistryCa, Registry, InsecureRegistry, Patience,
        OptionDefinition.Report,
    ];
}
