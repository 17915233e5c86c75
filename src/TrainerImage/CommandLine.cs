using IrisOperator.Learning;
using IrisOperator.Learning.Training;

namespace IrisOperator.TrainerImage;

/// <summary>The command line of a training.</summary>
internal static class CommandLine
{
    /// <exception cref="InputException">An unknown, doubled or incomplete option, or not two folders.</exception>
    public static CommandLineOptions Parse(IReadOnlyList<string> arguments, Func<string, string?> environment)
    {
        if (arguments.Any(a => a is "--help" or "-h"))
        {
            return new CommandLineOptions { Help = true };
        }
        if (arguments.Contains("--version"))
        {
            return new CommandLineOptions { Version = true };
        }
        var given = GivenOptions.Read(arguments, OptionDefinition.All, environment, "train --help");
        if (given.Words.Count != 2)
        {
            throw GivenOptions.Wrong($"expected <input> and <output>, found {given.Words.Count} such arguments; see train --help");
        }
        return new CommandLineOptions
        {
            Input = given.Words[0],
            Output = given.Words[1],
            File = given.Single(OptionDefinition.File),
            Target = given.Single(OptionDefinition.Target),
            Training = Training(given),
        };
    }

    private static TrainingOptions Training(GivenOptions given)
    {
        var defaults = new TrainingOptions();
        return defaults with
        {
            Algorithm = given.Single(OptionDefinition.Algorithm) ?? defaults.Algorithm,
            Parameters = given.Pairs(OptionDefinition.Param),
            Folds = given.WholeNumber(OptionDefinition.Folds) ?? defaults.Folds,
            Seed = given.WholeNumber(OptionDefinition.Seed) ?? defaults.Seed,
            Requirements = [.. given.Pairs(OptionDefinition.Require).Select(p => Requirement.Parse($"{p.Key}={p.Value}"))],
            TrainerVersion = TrainCommand.Version,
        };
    }
}
