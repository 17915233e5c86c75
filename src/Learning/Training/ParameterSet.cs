using System.Globalization;

namespace IrisOperator.Learning.Training;

/// <summary>A value for every parameter of one algorithm.</summary>
internal sealed class ParameterSet
{
    private readonly Dictionary<string, string> _values;

    private ParameterSet(Dictionary<string, string> values) => _values = values;

    public IReadOnlyDictionary<string, string> Values => _values;

    /// <exception cref="InputException">An unknown name (lists the known ones) or a bad value.</exception>
    public static ParameterSet Resolve(Algorithm algorithm, IReadOnlyDictionary<string, string> given)
    {
        string[] known = [.. algorithm.Parameters.Select(p => p.Name)];
        var unknown = given.Keys.Except(known, StringComparer.Ordinal).Order(StringComparer.Ordinal).FirstOrDefault();
        if (unknown is not null)
        {
            throw new InputException(
                InputProblem.InvalidParameter,
                $"algorithm {algorithm.Name} has no parameter \"{unknown}\"; it knows {string.Join(", ", known)}");
        }
        return new ParameterSet(algorithm.Parameters.ToDictionary(
            p => p.Name, p => p.Normalise(given.TryGetValue(p.Name, out var value) ? value : p.Default), StringComparer.Ordinal));
    }

    public string Text(string name) => _values[name];

    public int Integer(string name) => int.Parse(_values[name], CultureInfo.InvariantCulture);

    public double Number(string name) => double.Parse(_values[name], CultureInfo.InvariantCulture);

    /// <summary>For a value that depends on the data: "auto" becomes a number.</summary>
    public ParameterSet With(string name, double value)
    {
        var values = new Dictionary<string, string>(_values, StringComparer.Ordinal) { [name] = ParameterDefinition.Text(value) };
        return new ParameterSet(values);
    }
}
