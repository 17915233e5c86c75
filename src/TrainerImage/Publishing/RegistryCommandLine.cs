using IrisOperator.Learning;
using IrisOperator.Registry;

namespace IrisOperator.TrainerImage.Publishing;

/// <summary>The options that all commands share which speak with registries.</summary>
/// <param name="given">What was given.</param>
/// <param name="help">How one asks for help, for messages.</param>
internal sealed class RegistryCommandLine(GivenOptions given, string help)
{
    /// <exception cref="InputException">It is missing, or not what is expected.</exception>
    public T Required<T>(OptionDefinition option, Func<string, T> parse)
    {
        return given.Single(option) is { } text
            ? Parsed(option, text, parse)
            : throw GivenOptions.Wrong($"{option.Name} {option.Value} is missing; see {help}");
    }

    /// <exception cref="InputException">Names the option.</exception>
    public static T Parsed<T>(OptionDefinition option, string text, Func<string, T> parse)
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

    public TimeSpan Patience(int seconds) => TimeSpan.FromSeconds(given.WholeNumber(PublishOption.Patience) switch
    {
        null => seconds,
        >= 0 and <= 86_400 and var asked => asked,
        var asked => throw GivenOptions.Wrong($"{PublishOption.Patience.Name}: expected 0 to 86400, found {asked}"),
    });

    public RegistryOptions Registries()
    {
        var authorities = given.Single(PublishOption.RegistryCa);
        if (authorities is not null && !File.Exists(authorities))
        {
            throw GivenOptions.Wrong($"{PublishOption.RegistryCa.Name}: there is no file {authorities}");
        }
        var plain = Hosts(PublishOption.InsecureRegistry);
        return new RegistryOptions
        {
            Registries =
            [
                .. plain.Select(host => new RegistryEndpoint { Host = host, PlainHttp = true }),
                .. Hosts(PublishOption.Registry).Except(plain).Select(host => new RegistryEndpoint { Host = host }),
            ],
            CertificateAuthorityFile = authorities,
            UserAgent = $"iris-trainer/{TrainCommand.Version}",
        };
    }

    private List<RegistryHost> Hosts(OptionDefinition option) =>
        [.. given.All(option).Select(text => Parsed(option, text, RegistryHost.Parse)).Distinct()];
}
