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
        return new PublishOptions
        {
            Folder = given.Words[0],
            Repository = Required(given, PublishOption.Repository, RepositoryName.Parse),
            Series = Required(given, PublishOption.Series, VersionSeries.Parse),
            Base = Required(given, PublishOption.Base, text => BaseImage.Parse(text, given.Single(PublishOption.BaseVersion))),
            Rebase = given.Flag(PublishOption.Rebase),
            Annotations = Annotations(given),
            CredentialsFile = given.Single(PublishOption.Credentials),
            Registries = Registries(given),
            Patience = TimeSpan.FromSeconds(given.WholeNumber(PublishOption.Patience) switch
            {
                null => 600,
                >= 0 and <= 86_400 and var seconds => seconds,
                var seconds => throw GivenOptions.Wrong($"{PublishOption.Patience.Name}: expected 0 to 86400, found {seconds}"),
            }),
        };
    }

    private static T Required<T>(GivenOptions given, OptionDefinition option, Func<string, T> parse)
    {
        return given.Single(option) is { } text
            ? Parsed(option, text, parse)
            : throw GivenOptions.Wrong($"{option.Name} {option.Value} is missing; see train publish --help");
    }

    private static T Parsed<T>(OptionDefinition option, string text, Func<string, T> parse)
    {
        try
        {
            return parse(text);
        }
        catch (FormatException e)
        {
            throw GivenOptions.Wrong($"{option.Name}: {e.Message}");
        }
    }

    private static Dictionary<string, string> Annotations(GivenOptions given)
    {
        var annotations = given.Pairs(PublishOption.Annotation);
        return annotations.Keys.FirstOrDefault(ModelAnnotations.IsOurs) is { } taken
            ? throw GivenOptions.Wrong($"{PublishOption.Annotation.Name}: {taken} is what this program writes itself")
            : annotations;
    }

    private static RegistryOptions Registries(GivenOptions given)
    {
        var authorities = given.Single(PublishOption.RegistryCa);
        if (authorities is not null && !File.Exists(authorities))
        {
            throw GivenOptions.Wrong($"{PublishOption.RegistryCa.Name}: there is no file {authorities}");
        }
        var plain = Hosts(given, PublishOption.InsecureRegistry);
        return new RegistryOptions
        {
            Registries =
            [
                .. plain.Select(host => new RegistryEndpoint { Host = host, PlainHttp = true }),
                .. Hosts(given, PublishOption.Registry).Except(plain).Select(host => new RegistryEndpoint { Host = host }),
            ],
            CertificateAuthorityFile = authorities,
            UserAgent = $"iris-trainer/{TrainCommand.Version}",
        };
    }

    private static List<RegistryHost> Hosts(GivenOptions given, OptionDefinition option) =>
        [.. given.All(option).Select(text => Parsed(option, text, RegistryHost.Parse)).Distinct()];
}
