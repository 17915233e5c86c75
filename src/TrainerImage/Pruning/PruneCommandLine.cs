using IrisOperator.Learning;
using IrisOperator.Registry;
using IrisOperator.Registry.Pruning;
using IrisOperator.TrainerImage.Publishing;

namespace IrisOperator.TrainerImage.Pruning;

/// <summary>The command line of a removal.</summary>
internal static class PruneCommandLine
{
    private const string Help = "train prune --help";

    /// <exception cref="InputException">An unknown, doubled, incomplete or wrong option; it is named.</exception>
    public static PruneOptions Parse(IReadOnlyList<string> arguments, Func<string, string?> environment)
    {
        var given = GivenOptions.Read(arguments, PruneOption.All, environment, Help);
        if (given.Words.Count != 0)
        {
            throw GivenOptions.Wrong(
                $"expected options only, found \"{given.Words[0]}\"; to train on a folder called prune, write ./prune");
        }
        var registry = new RegistryCommandLine(given, Help);
        return new PruneOptions
        {
            Repository = registry.Required(PruneOption.Repository, RepositoryName.Parse),
            Retain = given.WholeNumber(PruneOption.Retain) switch
            {
                null => throw GivenOptions.Wrong($"{PruneOption.Retain.Name} {PruneOption.Retain.Value} is missing; see {Help}"),
                >= 1 and <= 1000 and var number => number,
                var number => throw GivenOptions.Wrong($"{PruneOption.Retain.Name}: expected 1 to 1000, found {number}"),
            },
            Keep = RegistryCommandLine.Parsed(PruneOption.Keep, "", _ => KeepList.Parse(given.All(PruneOption.Keep))),
            DryRun = given.Flag(PruneOption.DryRun),
            CredentialsFile = given.Single(PublishOption.Credentials),
            Registries = registry.Registries(),
            Patience = registry.Patience(seconds: 60),
        };
    }
}
