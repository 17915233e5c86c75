namespace IrisOperator.Operator.Hosting;

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

    /// <summary>Set: nothing is done but to get this address.</summary>
    public Uri? Check { get; init; }

    public required string TrainerImage { get; init; }

    public required string ServingImage { get; init; }

    public string? PodName { get; init; }

    public string? PodNamespace { get; init; }
}

/// <summary>Which registries the operator may ask, and as whom. The administrator says so, never a custom resource.</summary>
public sealed record RegistryArguments
{
    // Named as a file: the image hides it from the rest of the process, for reading it takes a third of the time to the first request.
    private const string PublicAuthorities = "/etc/ssl/certs/ca-certificates.crt";

    public IReadOnlyList<string> Named { get; init; } = [];

    public IReadOnlyList<string> Insecure { get; init; } = [];

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
            .. Named.Except(Insecure).Select(host => new RegistryEndpoint
            {
                Host = RegistryHost.Parse(host),
                CertificateAuthorityFile = CertificateAuthorityFile ?? Public,
            }),
            .. Insecure.Select(host => new RegistryEndpoint { Host = RegistryHost.Parse(host), PlainHttp = true }),
        ],
        OnlyNamedRegistries = OnlyNamed,
        CertificateAuthorityFile = Public,
        RequestTimeout = TimeSpan.FromSeconds(10),
        // A look is repeated anyway, and its followers are to be told soon.
        MaxRetries = 1,
        MaxRetryDelay = TimeSpan.FromSeconds(2),
    };
}
