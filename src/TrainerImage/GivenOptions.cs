using System.Globalization;
using IrisOperator.Learning;

namespace IrisOperator.TrainerImage;

/// <summary>The words and options that were given. An option of the command line wins over its variable.</summary>
internal sealed class GivenOptions
{
    private readonly List<string> _words = [];
    private readonly Dictionary<OptionDefinition, List<string>> _given = [];

    private GivenOptions()
    {
    }

    /// <summary>What stands without an option before it.</summary>
    public IReadOnlyList<string> Words => _words;

    /// <param name="arguments">Of the command line.</param>
    /// <param name="known">The options that there are.</param>
    /// <param name="environment">A variable by its name.</param>
    /// <param name="help">How one asks for help, for messages.</param>
    /// <exception cref="InputException">An unknown, doubled or incomplete option.</exception>
    public static GivenOptions Read(
        IReadOnlyList<string> arguments, IReadOnlyList<OptionDefinition> known, Func<string, string?> environment, string help)
    {
        var options = new GivenOptions();
        options.Split(arguments, known, help);
        foreach (var option in known)
        {
            options.AddFromEnvironment(option, environment);
        }
        return options;
    }

    public static InputException Wrong(FormattableString message)
    {
        return new InputException(InputProblem.InvalidArgument, message.ToString(CultureInfo.InvariantCulture).ReplaceLineEndings(" "));
    }

    public string? Single(OptionDefinition option) => _given.TryGetValue(option, out var values) ? values[0] : null;

    public IReadOnlyList<string> All(OptionDefinition option) => _given.TryGetValue(option, out var values) ? values : [];

    public bool Flag(OptionDefinition option) => Single(option) switch
    {
        null or "false" => false,
        "true" => true,
        var text => throw Wrong($"{option.Name}: expected true or false, found \"{text}\""),
    };

    public int? WholeNumber(OptionDefinition option)
    {
        if (Single(option) is not { } text)
        {
            return null;
        }
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Wrong($"{option.Name}: expected a whole number, found \"{text}\"");
    }

    public Dictionary<string, string> Pairs(OptionDefinition option)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in All(option))
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

    private void Split(IReadOnlyList<string> arguments, IReadOnlyList<OptionDefinition> known, string help)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            if (!arguments[i].StartsWith('-'))
            {
                _words.Add(arguments[i]);
                continue;
            }
            var parts = arguments[i].Split('=', 2);
            var option = known.FirstOrDefault(o => o.Name == parts[0]) ?? throw Wrong($"unknown option {parts[0]}; see {help}");
            string value;
            if (parts.Length == 2)
            {
                value = parts[1];
            }
            else if (option.IsFlag)
            {
                value = "true";
            }
            else
            {
                i++;
                value = i < arguments.Count ? arguments[i] : throw Wrong($"{option.Name}: {option.Value} is missing");
            }
            Add(option, value);
        }
    }

    private void Add(OptionDefinition option, string value)
    {
        if (!_given.TryGetValue(option, out var values))
        {
            _given.Add(option, [value]);
            return;
        }
        if (!option.Repeatable)
        {
            throw Wrong($"{option.Name}: given twice");
        }
        values.Add(value);
    }

    /// <summary>
    /// An empty variable counts as unset. Of a repeatable option, each key of the command line wins over that of the variable.
    /// </summary>
    private void AddFromEnvironment(OptionDefinition option, Func<string, string?> environment)
    {
        var value = environment(option.EnvironmentName);
        if (string.IsNullOrEmpty(value) || (_given.ContainsKey(option) && !option.Repeatable))
        {
            return;
        }
        if (!option.Repeatable)
        {
            _given.Add(option, [value]);
            return;
        }
        var known = All(option);
        string[] keys = [.. known.Select(KeyOf)];
        var added = value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        _given[option] = [.. known, .. added.Where(a => !keys.Contains(KeyOf(a)))];
    }

    private static string KeyOf(string pair) => pair.Split('=', 2)[0].Trim();
}
