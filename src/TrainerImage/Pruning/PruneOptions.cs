using IrisOperator.Registry;
using IrisOperator.Registry.Pruning;

namespace IrisOperator.TrainerImage.Pruning;

/// <summary>What the arguments and the environment ask for.</summary>
internal sealed record PruneOptions
{
    public required RepositoryName Repository { get; init; }

    public required int Retain { get; init; }

    public required KeepList Keep { get; init; }

    public bool DryRun { get; init; }

    /// <summary>Null: nobody.</summary>
    public string? CredentialsFile { get; init; }

    public RegistryOptions Registries { get; init; } = new();

    public TimeSpan Patience { get; init; }
}
