using IrisOperator.Registry;
using IrisOperator.Registry.Versions;

namespace IrisOperator.TrainerImage.Publishing;

/// <summary>What the arguments and the environment ask for.</summary>
internal sealed record PublishOptions
{
    /// <summary>With a model, as a training leaves it.</summary>
    public required string Folder { get; init; }

    public required RepositoryName Repository { get; init; }

    public required VersionSeries Series { get; init; }

    public required BaseImage Base { get; init; }

    /// <summary>True publishes only a model that is the newest of the series already, on whatever base.</summary>
    public bool Rebase { get; init; }

    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    /// <summary>Null: nobody.</summary>
    public string? CredentialsFile { get; init; }

    public RegistryOptions Registries { get; init; } = new();

    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(10);
}
