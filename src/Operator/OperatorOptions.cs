namespace IrisOperator.Operator;

/// <summary>What the installation decides for every custom resource.</summary>
public sealed record OperatorOptions
{
    /// <summary>Full reference, used where spec.trainer.image is omitted.</summary>
    public required string TrainerImage { get; init; }

    /// <summary>Full reference, used where spec.image is omitted.</summary>
    public required string ServingImage { get; init; }

    /// <summary>Secrets of each namespace with which nodes pull <see cref="TrainerImage"/> and <see cref="ServingImage"/>.</summary>
    public IReadOnlyList<string> PullSecrets { get; init; } = [];

    /// <summary>True leaves user, group and file system group of pods to the platform; false sets 65532.</summary>
    public bool PlatformUserIds { get; init; }

    /// <summary>Registries that may have private addresses.</summary>
    public IReadOnlyList<string> Registries { get; init; } = [];

    /// <summary>Registries that may have private addresses and are accessed over plain HTTP.</summary>
    public IReadOnlyList<string> InsecureRegistries { get; init; } = [];

    /// <summary>Token services that may get credentials of registries at other hosts.</summary>
    public IReadOnlyList<string> TokenServices { get; init; } = [];

    /// <summary>True refuses publications, bases and removals at registries that are not named.</summary>
    public bool OnlyNamedRegistries { get; init; }

    /// <returns>Null where the registry may be used, or the text is no repository; else what to do.</returns>
    public string? FindForbiddenRegistry(string repository)
    {
        var named = Registries.Union(InsecureRegistries).DefaultIfEmpty("none").ToList();
        return !OnlyNamedRegistries || !RepositoryName.TryParse(repository, out var name, out _)
            || named.Any(host => RegistryHost.TryParse(host, out var allowed, out _) && allowed == name.Registry)
                ? null
                : $"{name.Registry} is not among the registries that this installation allows: {string.Join(", ", named)}; "
                    + "choose one of them, or ask the administrator to name it (registries.named of the chart)";
    }
}
