using System.Globalization;
using IrisOperator.Common;
using IrisOperator.Kube.Schema;
using Microsoft.Extensions.Logging;

namespace IrisOperator.Operator.Hosting;

/// <summary>Flags and environment of the program; flags win.</summary>
[Rbac("coordination.k8s.io", "leases", "get", "create", "patch", OwnNamespace = true)]
public sealed record Arguments
{
    public const string Usage = """
        iris-operator: trains and serves models as IrisTraining and IrisModel ask.

          --namespace NAME     watch one namespace (IRIS_NAMESPACE); all unless given
          --leader-elect       of several replicas only one works (IRIS_LEADER_ELECT=true); needs POD_NAMESPACE
          --metrics-port PORT  for /healthz, /readyz and /metrics (IRIS_METRICS_PORT), 8080
          --health-port PORT   another name of the same port
          --workers N          passes at a time for each kind (IRIS_WORKERS), 4
          --log-level LEVEL    debug, info, warning or error (IRIS_LOG_LEVEL), info
          --log-format FORMAT  json or text (IRIS_LOG_FORMAT), json
          --registries LIST    registries with addresses inside the cluster or network, comma-separated (IRIS_REGISTRIES)
          --insecure-registries LIST
                               the same, spoken to by plain http (IRIS_INSECURE_REGISTRIES)
          --only-named-registries
                               refuse all others (IRIS_ONLY_NAMED_REGISTRIES=true)
          --registry-config FILE
                               credentials as docker writes them (IRIS_REGISTRY_CONFIG); read at each look, so they can be rotated
          --registry-ca FILE   PEM of the certificate authority of the named registries (IRIS_REGISTRY_CA)
          --registry-events-secret FILE
                               lets a registry with this bearer token tell at POST /registry-events that something was pushed
                               (IRIS_REGISTRY_EVENTS_SECRET)
          --check URL          do nothing but get this URL: 0 if it answers 200 within 30 s, else 1
          --help               this text

        Environment: IRIS_TRAINER_IMAGE and IRIS_SERVING_IMAGE are the images for resources that name none;
        POD_NAME and POD_NAMESPACE say who and where this is; KUBECONFIG is used outside a cluster.
        """;

    public string? Namespace { get; init; }

    public bool LeaderElect { get; init; }

    public int Port { get; init; } = 8080;

    public int Workers { get; init; } = 4;

    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>json or text.</summary>
    public string LogFormat { get; init; } = "json";

    public RegistryArguments Registry { get; init; } = new();

    public bool Help { get; init; }

    public Uri? Check { get; init; }

    public required string TrainerImage { get; init; }

    public required string ServingImage { get; init; }

    public string? PodName { get; init; }

    public string? PodNamespace { get; init; }

    /// <exception cref="FormatException">The message says which argument is wrong and how.</exception>
    public static Arguments Parse(IReadOnlyList<string> args, Func<string, string?> environment)
    {
        var flags = Flags(args);
        string? Value(string flag, string variable) => flags.GetValueOrDefault(flag) ?? NullIfEmpty(environment(variable));
        return new Arguments
        {
            Help = flags.ContainsKey("--help"),
            Check = flags.TryGetValue("--check", out var check) ? Address("--check", check) : null,
            Namespace = NullIfEmpty(Value("--namespace", "IRIS_NAMESPACE")),
            LeaderElect = Truth("--leader-elect", Value("--leader-elect", "IRIS_LEADER_ELECT") ?? "false"),
            Port = Number(
                "--metrics-port",
                flags.GetValueOrDefault("--health-port") ?? Value("--metrics-port", "IRIS_METRICS_PORT") ?? "8080",
                65535),
            Workers = Number("--workers", Value("--workers", "IRIS_WORKERS") ?? "4", 256),
            Registry = new RegistryArguments
            {
                Named = List(Value("--registries", "IRIS_REGISTRIES")),
                Insecure = List(Value("--insecure-registries", "IRIS_INSECURE_REGISTRIES")),
                OnlyNamed = Truth("--only-named-registries", Value("--only-named-registries", "IRIS_ONLY_NAMED_REGISTRIES") ?? "false"),
                CredentialsFile = Value("--registry-config", "IRIS_REGISTRY_CONFIG"),
                CertificateAuthorityFile = Value("--registry-ca", "IRIS_REGISTRY_CA"),
                EventsSecretFile = Value("--registry-events-secret", "IRIS_REGISTRY_EVENTS_SECRET"),
            },
            LogLevel = Level("--log-level", Value("--log-level", "IRIS_LOG_LEVEL") ?? "info"),
            LogFormat = Format("--log-format", Value("--log-format", "IRIS_LOG_FORMAT") ?? "json"),
            TrainerImage = NullIfEmpty(environment("IRIS_TRAINER_IMAGE")) ?? "iris-trainer:0.1.0",
            ServingImage = NullIfEmpty(environment("IRIS_SERVING_IMAGE")) ?? "iris-serving:0.1.0",
            PodName = NullIfEmpty(environment("POD_NAME")),
            PodNamespace = NullIfEmpty(environment("POD_NAMESPACE")),
        };
    }

    private static Dictionary<string, string> Flags(IReadOnlyList<string> args)
    {
        var flags = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var index = 0; index < args.Count; index++)
        {
            var (name, value) = args[index].Split('=', 2) is [var left, var right] ? (left, right) : (args[index], null);
            flags[name] = name switch
            {
                "--leader-elect" or "--help" or "--only-named-registries" => value ?? "true",
                "--namespace" or "--metrics-port" or "--health-port" or "--workers" or "--log-level" or "--log-format" or "--check"
                    or "--registries" or "--insecure-registries" or "--registry-config" or "--registry-ca"
                    or "--registry-events-secret" => value ?? Next(args, ref index),
                _ => throw new FormatException($"unknown argument \"{args[index]}\"; try --help"),
            };
        }

        return flags;
    }

    private static string Next(IReadOnlyList<string> args, ref int index) => index + 1 < args.Count
        ? args[++index]
        : throw new FormatException($"{args[index]} needs a value");

    private static string[] List(string? text) =>
        text?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    private static int Number(string flag, string text, int max) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= max
            ? number
            : throw new FormatException($"{flag}: \"{text}\" is not a number from 1 to {max}");

    private static Uri Address(string flag, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw new FormatException($"{flag}: \"{text}\" is not an http address");

    private static bool Truth(string flag, string text) =>
        bool.TryParse(text, out var truth) ? truth : throw new FormatException($"{flag}: \"{text}\" is neither true nor false");

    private static LogLevel Level(string flag, string text) => ConsoleLogging.TryParseLevel(text, out var level)
        ? level
        : throw new FormatException($"{flag}: \"{text}\" is not {ConsoleLogging.Levels}");

    private static string Format(string flag, string text) => text is "json" or "text"
        ? text
        : throw new FormatException($"{flag}: \"{text}\" is not {ConsoleLogging.Formats}");

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
