using IrisOperator.Learning.Training;

namespace IrisOperator.TrainerImage;

/// <summary>What the arguments and the environment ask for.</summary>
internal sealed record CommandLineOptions
{
    public bool Help { get; init; }

    public bool Version { get; init; }

    public string Input { get; init; } = "";

    public string Output { get; init; } = "";

    public string? File { get; init; }

    public string? Target { get; init; }

    public TrainingOptions Training { get; init; } = new();
}
