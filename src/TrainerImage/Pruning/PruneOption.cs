using IrisOperator.TrainerImage.Publishing;

namespace IrisOperator.TrainerImage.Pruning;

/// <summary>The options of the command prune; what has to do with registries is the same as for publish.</summary>
internal static class PruneOption
{
    public static readonly OptionDefinition Repository = PublishOption.Repository with
    {
        Help = "whose versions, such as registry.example/iris",
    };

    public static readonly OptionDefinition Retain = new("--retain", "N", "how many versions stay in any case, the highest (1 to 1000)");

    public static readonly OptionDefinition Keep = new(
        "--keep", "VERSION|RANGE|DIGEST", "stays too; of a range, the highest version within it", Repeatable: true);

    public static readonly OptionDefinition DryRun = OptionDefinition.Flag("--dry-run", "remove nothing, and tell what would be removed");

    public static readonly OptionDefinition Patience = PublishOption.Patience with
    {
        Help = "how long transient failures are retried (default: 60)",
    };

    public static readonly IReadOnlyList<OptionDefinition> All =
    [
        Repository, Retain, Keep, DryRun, PublishOption.Credentials, PublishOption.RegistryCa, PublishOption.Registry,
        PublishOption.InsecureRegistry, Patience, OptionDefinition.Report,
    ];
}
