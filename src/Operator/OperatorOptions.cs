namespace IrisOperator.Operator;

/// <summary>What the installation decides for every custom resource.</summary>
public sealed record OperatorOptions
{
    /// <summary>Full reference, used where spec.trainer.image is omitted.</summary>
    public required string TrainerImage { get; init; }

    /// <summary>Full reference, used where spec.image is omitted.</summary>
    public required string ServingImage { get; init; }

    /// <summary>Registries that may have private addresses; told to the container that publishes.</summary>
    public IReadOnlyList<string> Registries { get; init; } = [];

    /// <summary>The same, spoken to by plain http.</summary>
    public IReadOnlyList<string> InsecureRegistries { get; init; } = [];

    /// <summary>Token services that may get credentials of registries at other hosts.</summary>
    public IReadOnlyList<string> TokenServices { get; init; } = [];
}
