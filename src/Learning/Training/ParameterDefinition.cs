using System.Globalization;
using IrisOperator.Learning.Data;

namespace IrisOperator.Learning.Training;

/// <summary>A named setting of an algorithm, its default and what it may be.</summary>
public sealed class ParameterDefinition
{
    private readonly Func<string, string?> _normalise;

    private ParameterDefinition(string name, string defaultValue, string allowed, Func<string, string?> normalise)
    {
        Name = name;
        Default = defaultValue;
        Allowed = allowed;
        _normalise = normalise;
    }

    public string Name { get; }

    /// <summary>As shown to users; "auto" is resolved when the data are known.</summary>
    public string Default { get; }

    /// <summary>For messages: "a whole number from 1 to 16".</summary>
    public string Allowed { get; }

    /// <summary>One spelling per value, so that 0.30 and 0.3 give the same model file.</summary>
    /// <exception cref="InputException">Not an allowed value; the message says which are.</exception>
    public string Normalise(string text)
    {
        return _normalise(text.Trim()) ?? throw new InputException(
            InputProblem.InvalidParameter, $"parameter \"{Name}\": expected {Allowed}, found {CsvPlace.Show(text)}");
    }

    internal static ParameterDefinition Integer(string name, int defaultValue, int min, int max)
    {
        return new ParameterDefinition(
            name,
            defaultValue.ToString(CultureInfo.InvariantCulture),
            string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max}"),
            text => IntegerOrNull(text, min, max));
    }

    /// <summary>A number from (but without, if <paramref name="aboveMin"/>) min up to max.</summary>
    internal static ParameterDefinition Number(string name, double defaultValue, double min, double max, bool aboveMin = false)
    {
        return new ParameterDefinition(
            name, Text(defaultValue), Range(min, max, aboveMin), text => NumberOrNull(text, min, max, aboveMin));
    }

    /// <summary>As <see cref="Number"/>, or "auto".</summary>
    internal static ParameterDefinition NumberOrAuto(string name, double min, double max, bool aboveMin = false)
    {
        return new ParameterDefinition(
            name, "auto", $"{Range(min, max, aboveMin)}, or auto", text => text == "auto" ? text : NumberOrNull(text, min, max, aboveMin));
    }

    internal static ParameterDefinition Choice(string name, string defaultValue, params string[] values)
    {
        return new ParameterDefinition(
            name, defaultValue, $"one of {string.Join(", ", values)}", text => values.Contains(text, StringComparer.Ordinal) ? text : null);
    }

    internal static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Range(double min, double max, bool aboveMin)
    {
        return $"a number {(aboveMin ? "above" : "from")} {Text(min)}{(aboveMin ? " and up to " : " to ")}{Text(max)}";
    }

    private static string? IntegerOrNull(string text, int min, int max)
    {
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            && value >= min && value <= max
            ? value.ToString(CultureInfo.InvariantCulture)
            : null;
    }

    private static string? NumberOrNull(string text, double min, double max, bool aboveMin)
    {
        return CsvNumber.TryParse(text, out var value) && value <= max && (aboveMin ? value > min : value >= min) ? Text(value) : null;
    }
}
