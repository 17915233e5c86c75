using System.Globalization;

namespace IrisOperator.TrainerImage;

/// <summary>Options: --name VALUE on the command line, IRIS_NAME in the environment. <see cref="GivenOptions"/> checks how many.</summary>
internal static class CommandOption
{
    public static readonly Option Report =
        Value("--report", "PATH", "also write the compact report there (default: /dev/termination-log, if there)");
    public static readonly Option Level = Value("--log-level", "LEVEL", $"{ConsoleLogging.Levels} (default: info)");
    public static readonly Option Format = Value("--log-format", "FORMAT", $"{ConsoleLogging.Formats} (default: json)");
    public static readonly IReadOnlyList<Option> OfAll = [Report, Level, Format];

    public static Option Value(string name, string value, string help) => new Option<string[]>(name)
    {
        HelpName = value,
        Arity = ArgumentArity.ZeroOrMore,
        Description = $"{help} [{VariableOf(name)}]",
    };

    /// <summary>Several on the command line; separated by commas in the environment.</summary>
    public static Option Repeatable(string name, string value, string help) => Value(name, value, $"{help}; repeatable");

    /// <summary>True where it stands; true or false in the environment, or after an equals sign.</summary>
    public static Option<bool> Flag(string name, string help) => new(name) { Description = $"{help} [{VariableOf(name)}]" };

    public static string VariableOf(string name) => $"IRIS_{name[2..].ToUpperInvariant().Replace('-', '_')}";
}

/// <summary>What was given. An option of the command line wins over its variable, and an empty variable is unset.</summary>
/// <param name="help">How one asks for help, for messages.</param>
internal sealed class GivenOptions(ParseResult result, IReadOnlyList<string> arguments, Func<string, string?> environment, string help)
{
    /// <summary>What stands without an option before it.</summary>
    /// <exception cref="InputException">Something looks like an option, and there is none of that name.</exception>
    public IReadOnlyList<string> Words()
    {
        var tokens = result.CommandResult.Command.Arguments.SelectMany(argument => result.GetResult(argument)?.Tokens ?? []);
        string[] words = [.. tokens.Select(token => token.Value)];
        return words.FirstOrDefault(word => word.StartsWith('-')) is { } unknown
            ? throw Wrong($"unknown option {unknown.Split('=')[0]}; see {help}")
            : words;
    }

    public static InputException Wrong(string message) => new(InputProblem.InvalidArgument, message.ReplaceLineEndings(" "));

    public InputException Unexpected(Option option, string expected) =>
        Wrong($"{option.Name}: expected {expected}, found \"{Peek(option)}\"");

    /// <summary>The value without a check, for what must be known even if all else is wrong.</summary>
    public string? Peek(Option option) => Tokens(option).FirstOrDefault() ?? Variable(option);

    public string? Single(Option option)
    {
        if (result.GetResult(option) is not { Implicit: false } given)
        {
            return Variable(option);
        }
        return given.IdentifierTokenCount > 1 ? throw Wrong($"{option.Name}: given twice")
            : given.Tokens.Count > 0 ? given.Tokens[0].Value
            : throw Wrong($"{option.Name}: {option.HelpName} is missing");
    }

    /// <summary>Of a repeatable option; each key of the command line wins over that of the variable.</summary>
    public IReadOnlyList<string> All(Option option)
    {
        string[] given = [.. Tokens(option)];
        if (given.Length < (result.GetResult(option)?.IdentifierTokenCount ?? 0))
        {
            throw Wrong($"{option.Name}: {option.HelpName} is missing");
        }
        var added = Variable(option)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        string[] keys = [.. given.Select(KeyOf)];
        return [.. given, .. added.Where(pair => !keys.Contains(KeyOf(pair)))];
    }

    public bool Flag(Option<bool> option)
    {
        // What stands after an equals sign and is no truth value is a word to the parser.
        var assigned = arguments.FirstOrDefault(argument => argument.StartsWith($"{option.Name}=", StringComparison.Ordinal));
        var given = result.GetResult(option) is { Implicit: false } ? Tokens(option).FirstOrDefault("true") : Variable(option) ?? "false";
        return (assigned?[(option.Name.Length + 1)..] ?? given) switch
        {
            "true" => true,
            "false" => false,
            var text => throw Wrong($"{option.Name}: expected true or false, found \"{text}\""),
        };
    }

    public int? WholeNumber(Option option, int min = int.MinValue, int max = int.MaxValue)
    {
        if (Single(option) is not { } text)
        {
            return null;
        }
        return !int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? throw Wrong($"{option.Name}: expected a whole number, found \"{text}\"")
            : number >= min && number <= max ? number
            : throw Wrong($"{option.Name}: expected {min} to {max}, found {number}");
    }

    /// <summary>A decimal number; what it may be is the caller's to judge.</summary>
    public double? Number(Option option) =>
        Single(option) is not { } text ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
        : throw Wrong($"{option.Name}: expected a number, found \"{text}\"");

    public Dictionary<string, string> Pairs(Option option)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in All(option))
        {
            if (text.Split('=', 2, StringSplitOptions.TrimEntries) is not [{ Length: > 0 } key, var value])
            {
                throw Wrong($"{option.Name}: expected {option.HelpName}, found \"{text}\"");
            }
            if (!pairs.TryAdd(key, value))
            {
                throw Wrong($"{option.Name}: {key} is given twice");
            }
        }
        return pairs;
    }

    /// <exception cref="InputException">It is missing, or not what is expected.</exception>
    public T Required<T>(Option option, Func<string, T> parse) => Single(option) is { } text
        ? Parsed(option, text, parse)
        : throw Wrong($"{option.Name} {option.HelpName} is missing; see {help}");

    /// <exception cref="InputException">Names the option.</exception>
    public static T Parsed<T>(Option option, string text, Func<string, T> parse)
    {
        try
        {
            return parse(text);
        }
        catch (FormatException e)
        {
            throw Wrong($"{option.Name}: {e.Message}");
        }
    }

    private IEnumerable<string> Tokens(Option option) => result.GetResult(option)?.Tokens.Select(token => token.Value) ?? [];

    private string? Variable(Option option) => environment(CommandOption.VariableOf(option.Name)) is { Length: > 0 } value ? value : null;

    private static string KeyOf(string pair) => pair.Split('=', 2)[0].Trim();
}
