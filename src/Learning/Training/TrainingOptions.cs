namespace IrisOperator.Learning.Training;

/// <summary>How to train. The defaults are those of the trainer program.</summary>
public sealed record TrainingOptions
{
    public string Algorithm { get; init; } = Algorithms.Default.Name;

    /// <summary>What differs from the algorithm's defaults, as text.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public int Folds { get; init; } = 5;

    /// <summary>From 0 up.</summary>
    public int Seed { get; init; } = 42;

    public IReadOnlyList<Requirement> Requirements { get; init; } = [];

    /// <summary>Version of the trainer, for the report.</summary>
    public string TrainerVersion { get; init; } = "";

    /// <summary>What identifies the program that trains, for the report; null leaves it out.</summary>
    public string? TrainerDigest { get; init; }
}
