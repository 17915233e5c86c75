using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;

namespace IrisOperator.Operator.Startup;

/// <summary>The options of the program. An option may be an environment variable, too; of a repeated option the last one counts.</summary>
public sealed class CommandLine
{
    private const string Description = """
        iris-operator: trains and serves models as IrisTraining and IrisModel ask.

        An option wins over its environment variable, which stands in parentheses. Further variables: IRIS_TRAINER_IMAGE and
        IRIS_SERVING_IMAGE are the images for resources that name none; POD_NAME and POD_NAMESPACE say who and where this is;
        KUBECONFIG is used outside of a cluster.
        """;

    private const string NeitherTrueNorFalse = "is neither true nor false";

    private readonly RootCommand _command = new(Description);
    private readonly Func<string, string?> _environment;

    /// <param name="environment">The value of a variable; null or empty where it is not set.</param>
    public CommandLine(Func<string, string?> environment)
    {
        _environment = environment;
        Add("--namespace", "NAME", "IRIS_NAMESPACE", "Watch this namespace alone. Omitted: all.", text => text);
        Add("--leader-elect", null, "IRIS_LEADER_ELECT", "Of several replicas only one works; needs POD_NAMESPACE.", Truth, "false");
        Add("--metrics-port", "PORT", "IRIS_METRICS_PORT", "Port of /healthz, /readyz and /metrics.", text => Number(text, 65535), "8080")
            .Aliases.Add("--health-port");
        Add("--workers", "N", "IRIS_WORKERS", "Reconciles at a time for each kind.", text => Number(text, 256), "4");
        Add("--log-level", "LEVEL", "IRIS_LOG_LEVEL", $"Log {ConsoleLogging.Levels}, and what is above.", Level, "info");
        Add("--log-format", "FORMAT", "IRIS_LOG_FORMAT", $"Log {ConsoleLogging.Formats}.", Format, "json");
        Add(
            "--image-pull-secrets", "NAMES", "IRIS_IMAGE_PULL_SECRETS",
            "Secrets, in the namespace of each training and model, with which nodes pull the images of this installation.", List, "");
        Add(
            "--platform-user-ids", null, "IRIS_PLATFORM_USER_IDS",
            "Leave user and group ids of the pods of trainings and models to the platform; else they are 65532.", Truth, "false");
        Add(
            "--registries", "HOSTS", "IRIS_REGISTRIES",
            "Registries with addresses inside of the cluster or the network, separated by commas.", List, "");
        Add(
            "--insecure-registries", "HOSTS", "IRIS_INSECURE_REGISTRIES",
            "Registries with such addresses that are accessed over plain HTTP.", List, "");
        Add(
            "--token-services", "HOSTS", "IRIS_TOKEN_SERVICES",
            "Token services beside a registry's own host that its credentials may be sent to.", List, "");
        Add("--only-named-registries", null, "IRIS_ONLY_NAMED_REGISTRIES", "Refuse all other registries.", Truth, "false");
        Add(
            "--registry-config", "FILE", "IRIS_REGISTRY_CONFIG",
            "Credentials as docker writes them; read at each poll, so that they can be rotated.", text => text);
        Add("--registry-ca", "FILE", "IRIS_REGISTRY_CA", "Certificate authority (PEM) of the registries that are named.", text => text);
        Add(
            "--registry-events-secret", "FILE", "IRIS_REGISTRY_EVENTS_SECRET",
            "Shared secret that a registry sends as bearer token to POST /registry-events when something was pushed.", text => text);
        Add("--check", "URL", "", "Do nothing but get this address: exit code 0 if it answers 200 within 30 s, else 1.", Address);
        ((HelpAction)_command.Options.OfType<HelpOption>().Single().Action!).MaxWidth = 120;
    }

    /// <returns>Null when help or version was asked for; it is printed.</returns>
    /// <exception cref="FormatException">The message says which argument is wrong and how.</exception>
    public Arguments? Parse(IReadOnlyList<string> args)
    {
        // Else the argument after "--namespace=" would be taken for its value.
        var separated = args.SelectMany(arg => arg is ['-', '-', .., '='] ? [arg[..^1], ""] : new[] { arg });
        var result = _command.Parse([.. separated], new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (result.Errors.Count > 0)
        {
            throw new FormatException(Message(result.Errors[0], result.UnmatchedTokens is [var first, ..] ? first : null, args));
        }

        if (result.Action is not null)
        {
            result.Invoke();
            return null;
        }

        return new Arguments
        {
            Namespace = NullIfEmpty(result.GetValue<string>("--namespace")),
            LeaderElect = result.GetValue<bool>("--leader-elect"),
            Port = result.GetValue<int>("--metrics-port"),
            Workers = result.GetValue<int>("--workers"),
            LogLevel = result.GetValue<LogLevel>("--log-level"),
            LogFormat = result.GetRequiredValue<string>("--log-format"),
            Registry = new RegistryArguments
            {
                Named = result.GetRequiredValue<string[]>("--registries"),
                Insecure = result.GetRequiredValue<string[]>("--insecure-registries"),
                TokenServices = result.GetRequiredValue<string[]>("--token-services"),
                OnlyNamed = result.GetValue<bool>("--only-named-registries"),
                CredentialsFile = NullIfEmpty(result.GetValue<string>("--registry-config")),
                CertificateAuthorityFile = NullIfEmpty(result.GetValue<string>("--registry-ca")),
                EventsSecretFile = NullIfEmpty(result.GetValue<string>("--registry-events-secret")),
            },
            PullSecrets = result.GetRequiredValue<string[]>("--image-pull-secrets"),
            PlatformUserIds = result.GetValue<bool>("--platform-user-ids"),
            Check = result.GetValue<Uri>("--check"),
            TrainerImage = NullIfEmpty(_environment("IRIS_TRAINER_IMAGE")) ?? "iris-trainer:0.1.0",
            ServingImage = NullIfEmpty(_environment("IRIS_SERVING_IMAGE")) ?? "iris-serving:0.1.0",
            PodName = NullIfEmpty(_environment("POD_NAME")),
            PodNamespace = NullIfEmpty(_environment("POD_NAMESPACE")),
        };
    }

    private static string Message(ParseError error, string? unmatched, IReadOnlyList<string> args) => error.SymbolResult switch
    {
        // The parser takes a wrong value of a switch for an argument.
        CommandResult when args.FirstOrDefault(arg => arg.EndsWith($"={unmatched}", StringComparison.Ordinal)) is { } given =>
            $"{given.Split('=')[0]}: \"{unmatched}\" {NeitherTrueNorFalse}",
        CommandResult => $"unknown argument \"{unmatched}\"; try --help",
        OptionResult { Tokens.Count: 0, Implicit: false } option => $"{option.Option.Name} needs a value",
        _ => error.Message,
    };

    /// <param name="parse">Its FormatException says what is wrong with the text.</param>
    /// <param name="initial">The text where neither option nor variable is given.</param>
    private Option<T> Add<T>(string name, string? placeholder, string variable, string help, Func<string, T> parse, string? initial = null)
    {
        T Read(string text, ArgumentResult result)
        {
            try
            {
                return parse(text);
            }
            catch (FormatException error)
            {
                result.AddError($"{name}: \"{text}\" {error.Message}");
                return default!;
            }
        }

        var option = new Option<T>(name)
        {
            HelpName = placeholder,
            Description = variable.Length > 0 ? $"{help} ({variable})" : help,
            Arity = placeholder is null ? ArgumentArity.ZeroOrMore : ArgumentArity.OneOrMore,
            CustomParser = result => Read(result.Tokens.Count > 0 ? result.Tokens[^1].Value : "true", result),
            DefaultValueFactory = result => (NullIfEmpty(_environment(variable)) ?? initial) is { } text ? Read(text, result) : default!,
        };
        _command.Add(option);
        return option;
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static string[] List(string text) =>
        text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static int Number(string text, int max) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= max
            ? number
            : throw new FormatException($"is not a number from 1 to {max}");

    private static Uri Address(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw new FormatException("is not an http address");

    private static bool Truth(string text) => bool.TryParse(text, out var on) ? on : throw new FormatException(NeitherTrueNorFalse);

    private static LogLevel Level(string text) =>
        ConsoleLogging.TryParseLevel(text, out var level) ? level : throw new FormatException($"is not {ConsoleLogging.Levels}");

    private static string Format(string text) =>
        text is "json" or "text" ? text : throw new FormatException($"is not {ConsoleLogging.Formats}");
}

/// <summary>What command line and environment say; see <see cref="CommandLine"/>.</summary>
[Rbac("coordination.k8s.io", "leases", "get", "create", "patch", OwnNamespace = true)]
public sealed record Arguments
{
    public string? Namespace { get; init; }

    public bool LeaderElect { get; init; }

    public int Port { get; init; }

    public int Workers { get; init; }

    public LogLevel LogLevel { get; init; }

    /// <summary>json or text.</summary>
    public required string LogFormat { get; init; }

    public required RegistryArguments Registry { get; init; }

    public IReadOnlyList<string> PullSecrets { get; init; } = [];

    public bool PlatformUserIds { get; init; }

    /// <summary>Set: nothing is done but to get this address.</summary>
    public Uri? Check { get; init; }

    public required string TrainerImage { get; init; }

    public required string ServingImage { get; init; }

    public string? PodName { get; init; }

    public string? PodNamespace { get; init; }
}

/// <summary>Which registries the operator may access, with which credentials: the administrator decides, never a custom resource.</summary>
public sealed record RegistryArguments
{
    // Named as a file: the image hides it from the rest of the process, for reading it takes a third of the time to the first request.
    private const string PublicAuthorities = "/etc/ssl/certs/ca-certificates.crt";

    public IReadOnlyList<string> Named { get; init; } = [];

    public IReadOnlyList<string> Insecure { get; init; } = [];

    public IReadOnlyList<string> TokenServices { get; init; } = [];

    public bool OnlyNamed { get; init; }

    public string? CredentialsFile { get; init; }

    /// <summary>Of the named registries; null for the public authorities.</summary>
    public string? CertificateAuthorityFile { get; init; }

    /// <summary>Has what a notification must bring as a bearer token; null refuses all notifications.</summary>
    public string? EventsSecretFile { get; init; }

    private static string? Public => File.Exists(PublicAuthorities) ? PublicAuthorities : null;

    /// <exception cref="FormatException">A host is none.</exception>
    public RegistryOptions ToOptions() => new()
    {
        Registries =
        [
            .. Named.Except(Insecure).Select(Secure),
            .. Insecure.Select(host => new RegistryEndpoint { Host = RegistryHost.Parse(host), PlainHttp = true }),
        ],
        TokenServices = [.. TokenServices.Select(Secure)],
        OnlyNamedRegistries = OnlyNamed,
        CertificateAuthorityFile = Public,
        RequestTimeout = TimeSpan.FromSeconds(10),
        // A poll is repeated anyway, and its subscribers are to be notified soon.
        MaxRetries = 1,
        MaxRetryDelay = TimeSpan.FromSeconds(2),
    };

    private RegistryEndpoint Secure(string host) =>
        new() { Host = RegistryHost.Parse(host), CertificateAuthorityFile = CertificateAuthorityFile ?? Public };
}
