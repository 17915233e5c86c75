using IrisOperator.Learning;
using IrisOperator.Registry;
using IrisOperator.Registry.Versions;

namespace IrisOperator.TrainerImage.Publishing;

/// <summary>The command line of a publication.</summary>
internal static class PublishCommandLine
{
    /// <exception cref="InputException">An unknown, doubled, incomplete or wrong option; it is named.</exception>
    public static PublishOptions Parse(IReadOnlyList<string> arguments, Func<string, string?> environment)
    {
        var given = GivenOptions.Read(arguments, PublishOption.All, environment, "train publish --help");
        if (given.Words.Count != 1)
        {
            throw GivenOptions.Wrong(
                $"expected <model folder>, found {given.Words.Count} such arguments; to train on a folder called publish, write ./publish");
        }
        var registry = new RegistryCommandLine(given, "train publish --help");
        return new PublishOptions
        {
            Folder = given.Words[0],
            Repository = registry.Required(PublishOption.Repository, RepositoryName.Parse),
            Series = registry.Required(PublishOption.Series, VersionSeries.Parse),
            Base = registry.Required(PublishOption.Base, text => BaseImage.Parse(text, given.Single(PublishOption.BaseVersion))),
            Rebase = given.Flag(PublishOption.Rebase),
            Annotations = Annotations(given),
            CredentialsFile = given.Single(PublishOption.Credentials),
            Registries = registry.Registries(),
            Patience = registry.Patience(seconds: 600),
        };
    }

    private static Dictionary<string, string> Annotations(GivenOptions given)
    {
        var annotations = given.Pairs(PublishOption.Annotation);
        return annotations.Keys.FirstOrDefault(ModelAnnotations.IsOurs) is { } taken
            ? throw GivenOptions.Wrong($"{PublishOption.Annotation.Name}: {taken} is what this program writes itself")
            : annotations;
    }
}
