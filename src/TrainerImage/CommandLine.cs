using System.Globalization;
using IrisOperator.Learning;
using IrisOperator.Learning.Training;

namespace IrisOperator.TrainerImage;

/// <summary>Arguments first, then the environment: an option of the command line wins over its variable.</summary>
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
        var (folders, given) = Split(arguments);
        if (folders.Count != 2)
        {
            throw Wrong($"expected <input> and <output>, found {folders.Count} such arguments; see train --help");
        }
        foreach (var option in OptionDefinition.All)
        {
            AddFromEnvironment(option, given, environment);
        }
        return new CommandLineOptions
        {
            Input = folders[0],
            Output = folders[1],
            File = Single(given, OptionDefinition.File),
            Target = Single(given, OptionDefinition.Target),
            Training = Training(given),
        };
    }

    /// <summary>Where the report goes must be known even if all else is wrong; null if nothing says so.</summary>
    public static string? ReportPath(IReadOnlyList<string> arguments, Func<string, string?> environment)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i].StartsWith("--report=", StringComparison.Ordinal))
            {
                return arguments[i]["--report=".Length..];
            }
            if (arguments[i] == OptionDefinition.Report.Name && i + 1 < arguments.Count)
            {
                return arguments[i + 1];
            }
        }
        var variable = environment(OptionDefinition.Report.EnvironmentName);
        return string.IsNullOrEmpty(variable) ? null : variable;
    }

    private static TrainingOptions Training(Dictionary<OptionDefinition, List<string>> given)
    {
        var defaults = new TrainingOptions();
        return defaults with
        {
            Algorithm = Single(given, OptionDefinition.Algorithm) ?? defaults.Algorithm,
            Parameters = Pairs(given, OptionDefinition.Param),
            Folds = WholeNumber(given, OptionDefinition.Folds) ?? defaults.Folds,
            Seed = WholeNumber(given, OptionDefinition.Seed) ?? defaults.Seed,
            Requirements = [.. Pairs(given, OptionDefinition.Require).Select(p => Requirement.Parse($"{p.Key}={p.Value}"))],
            TrainerVersion = TrainCommand.Version,
        };
    }

    private static (List<string> Folders, Dictionary<OptionDefinition, List<string>> Given) Split(IReadOnlyList<string> arguments)
    {
        var folders = new List<string>();
        var given = new Dictionary<OptionDefinition, List<string>>();
        for (var i = 0; i < arguments.Count; i++)
        {
            if (!arguments[i].StartsWith('-'))
            {
                folders.Add(arguments[i]);
                continue;
            }
            var parts = arguments[i].Split('=', 2);
            var option = OptionDefinition.All.FirstOrDefault(o => o.Name == parts[0])
                ?? throw Wrong($"unknown option {parts[0]}; see train --help");
            string value;
            if (parts.Length == 2)
            {
                value = parts[1];
            }
            else
            {
                i++;
                value = i < arguments.Count ? arguments[i] : throw Wrong($"{option.Name}: {option.Value} is missing");
            }
            Add(given, option, value);
        }
        return (folders, given);
    }

    private static void Add(Dictionary<OptionDefinition, List<string>> given, OptionDefinition option, string value)
    {
        if (!given.TryGetValue(option, out var values))
        {
            given.Add(option, [value]);
            return;
        }
        if (!option.Repeatable)
        {
            throw Wrong($"{option.Name}: given twice");
        }
        values.Add(value);
    }

    /// <summary>An empty variable counts as unset. Of a repeatable option, each key of the command line wins over that of the variable.</summary>
    private static void AddFromEnvironment(
        OptionDefinition option, Dictionary<OptionDefinition, List<string>> given, Func<string, string?> environment)
    {
        var value = environment(option.EnvironmentName);
        if (string.IsNullOrEmpty(value) || (given.ContainsKey(option) && !option.Repeatable))
        {
            return;
        }
        if (!option.Repeatable)
        {
            given.Add(option, [value]);
            return;
        }
        var known = given.TryGetValue(option, out var values) ? values : [];
        string[] keys = [.. known.Select(KeyOf)];
        var added = value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        given[option] = [.. known, .. added.Where(a => !keys.Contains(KeyOf(a)))];
    }

    private static string KeyOf(string pair) => pair.Split('=', 2)[0].Trim();

    private static string? Single(Dictionary<OptionDefinition, List<string>> given, OptionDefinition option)
    {
        return given.TryGetValue(option, out var values) ? values[0] : null;
    }

    private static int? WholeNumber(Dictionary<OptionDefinition, List<string>> given, OptionDefinition option)
    {
        if (Single(given, option) is not { } text)
        {
            return null;
        }
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Wrong($"{option.Name}: expected a whole number, found \"{text}\"");
    }

    private static Dictionary<string, string> Pairs(Dictionary<OptionDefinition, List<string>> given, OptionDefinition option)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in given.TryGetValue(option, out var values) ? values : [])
        {
            var parts = text.Split('=', 2);
            if (parts.Length != 2 || parts[0].Trim().Length == 0)
            {
                throw Wrong($"{option.Name}: expected {option.Value}, found \"{text}\"");
            }
            if (!pairs.TryAdd(parts[0].Trim(), parts[1].Trim()))
            {
                throw Wrong($"{option.Name}: {parts[0].Trim()} is given twice");
            }
        }
        return pairs;
    }

    private static InputException Wrong(FormattableString message)
    {
        return new InputException(InputProblem.InvalidArgument, message.ToString(CultureInfo.InvariantCulture).ReplaceLineEndings(" "));
    }
}
