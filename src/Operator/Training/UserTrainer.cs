using System.Diagnostics.CodeAnalysis;

namespace IrisOperator.Operator.Training;

/// <summary>A program of a user that trains in its own way, and leaves what it trained in a folder.</summary>
internal static class UserTrainer
{
    /// <summary>Empty at each attempt, so that nothing of one that was killed is taken for a model.</summary>
    public static readonly Mount Output = new(new V1Volume { Name = "trained", EmptyDir = new V1EmptyDirVolumeSource() }, "/output");

    private const string Prefix = "IRIS_";

    /// <summary>False for the operator's own trainer, and for an image that takes the same options.</summary>
    public static bool Has([NotNullWhen(true)] TrainerSpec? trainer) => trainer is { Command: not null } or { Args: not null };

    public static V1Container Container(IrisTrainingSpec spec, TrainerSpec trainer, string input, Mount[] folders) =>
        PodDefaults.Container(StepContainer.Train, ExactImage.Of(trainer.Image, "")) with
        {
            Command = trainer.Command?.ToArray(),
            Args = trainer.Args?.ToArray(),
            Env =
            [
                Variable("HOME", PodDefaults.TemporaryMount.MountPath),
                Variable(Prefix + "INPUT", input),
                Variable(Prefix + "OUTPUT", Output.Path),
                Variable(Prefix + "SEED", TrainingInputs.Seed(spec).ToString(null, null)),
                .. spec.Algorithm?.Name is { } algorithm ? [Variable(Prefix + "ALGORITHM", algorithm)] : Array.Empty<V1EnvVar>(),
                .. TrainingInputs.Sorted(spec.Algorithm?.Parameters).Select(entry => Variable($"{Prefix}PARAM_{entry.Key}", entry.Value)),
                .. Variables(trainer) ?? [],
            ],
            Resources = TrainingJob.Resources(trainer),
            VolumeMounts = [.. folders.Select(folder => folder.ToVolumeMount()), PodDefaults.TemporaryMount],
        };

    /// <summary>Variables of the spec, as they are; null where there are none.</summary>
    public static V1EnvVar[]? Variables(TrainerSpec? trainer) => trainer?.Env?.Select(variable => new V1EnvVar
    {
        Name = variable.Name,
        Value = variable.Value,
        ValueFrom = variable.ConfigMapKeyRef is not { } reference ? null : new V1EnvVarSource
        {
            ConfigMapKeyRef = new V1ConfigMapKeySelector { Name = reference.Name, Key = reference.Key },
        },
    }).ToArray();

    /// <summary>What is wrong with the command, its arguments and variables.</summary>
    public static IEnumerable<FieldError> Check(TrainerSpec? trainer, AlgorithmSpec? algorithm) => trainer is null ? [] :
    [
        .. from field in new[] { (Name: "command", Value: (object?)trainer.Command), ("args", trainer.Args), ("env", trainer.Env) }
           where field.Value is not null && trainer.Image is null
           select new FieldError($"spec.trainer.{field.Name}", "needs spec.trainer.image: the operator's own trainer takes none"),
        .. (trainer.Env ?? []).SelectMany((variable, index) => Check($"spec.trainer.env[{index}]", variable, trainer.Env!)),
        .. from name in Has(trainer) ? algorithm?.Parameters?.Keys ?? [] : []
           where !IsVariableName(name)
           select new FieldError($"spec.algorithm.parameters.{name}", "names no variable (IRIS_PARAM_<name>): letters, digits and _"),
    ];

    private static IEnumerable<FieldError> Check(string path, EnvironmentVariable variable, IReadOnlyList<EnvironmentVariable> all) =>
    [
        .. Checks.Field($"{path}.name", !IsVariableName(variable.Name) ? $"\"{variable.Name}\" must be letters, _ and, after them, digits"
            : variable.Name.StartsWith(Prefix, StringComparison.Ordinal) ? $"\"{variable.Name}\": {Prefix} is the operator's"
            : all.Count(other => other.Name == variable.Name) > 1 ? $"\"{variable.Name}\" is named twice" : null),
        .. Checks.Field(path, (variable.Value is null) == (variable.ConfigMapKeyRef is null)
            ? $"expected either value or configMapKeyRef, found {(variable.Value is null ? "neither" : "both")}"
            : null),
        .. Checks.ObjectName($"{path}.configMapKeyRef.name", variable.ConfigMapKeyRef?.Name),
    ];

    private static bool IsVariableName(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');

    private static V1EnvVar Variable(string name, string value) => new() { Name = name, Value = PodDefaults.Literal(value) };
}
