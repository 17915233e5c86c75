namespace IrisOperator.TrainerImage;

/// <summary>One option: --name VALUE on the command line, IRIS_NAME in the environment.</summary>
/// <param name="Name">With its dashes.</param>
/// <param name="Value">What stands for the value in the help text; empty for one that takes none and is true where it stands.</param>
/// <param name="Help">One line, with the default.</param>
/// <param name="Repeatable">Several on the command line; separated by commas in the environment.</param>
internal sealed record OptionDefinition(string Name, string Value, string Help, bool Repeatable = false)
{
    public static readonly OptionDefinition File = new("--file", "NAME", "CSV file inside <input> (default: the only *.csv there)");
    public static readonly OptionDefinition Target = new("--target", "COLUMN", "label column (default: the last)");
    public static readonly OptionDefinition Algorithm = new("--algorithm", "NAME", "see below (default: xgboost)");
    public static readonly OptionDefinition Param = new("--param", "KEY=VALUE", "parameter of the algorithm, see below", Repeatable: true);
    public static readonly OptionDefinition Folds = new("--folds", "N", "folds of the cross-validation (default: 5)");
    public static readonly OptionDefinition Seed = new("--seed", "N", "same data, options and seed, same model.json (default: 42)");

    public static readonly OptionDefinition Require = new(
        "--require", "METRIC=VALUE", "least accuracy or macroF1, greatest logLoss; else the run is Rejected", Repeatable: true);

    public static readonly OptionDefinition Report = new(
        "--report", "PATH", "also write the compact report there (default: /dev/termination-log, if there)");

    public static readonly IReadOnlyList<OptionDefinition> All = [File, Target, Algorithm, Param, Folds, Seed, Require, Report];

    /// <summary>An option without a value; true or false in the environment, or after an equals sign.</summary>
    public static OptionDefinition Flag(string name, string help) => new(name, "", help);

    public bool IsFlag => Value.Length == 0;

    public string EnvironmentName => $"IRIS_{Name[2..].ToUpperInvariant().Replace('-', '_')}";
}
