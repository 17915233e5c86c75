using System.Globalization;
using IrisOperator.Learning.Format;
using IrisOperator.Training.Algorithms.MicrosoftML;
using IrisOperator.Training.Data;

namespace IrisOperator.Training.Algorithms;

/// <summary>
/// One way to learn. A new one is a subclass here, an entry in <see cref="KnownAlgorithms"/>, and, if it predicts in a new
/// way, a document and a predictor.
/// </summary>
/// <remarks>Guarantee: the same rows, parameters and seed give the same document, bit for bit, on one version of the library.</remarks>
public abstract class Algorithm
{
    public abstract string Name { get; }

    public abstract IReadOnlyList<ParameterDefinition> Parameters { get; }

    /// <summary>Whether classes, numbers or both can be learned.</summary>
    public virtual IReadOnlyList<TableTask> Tasks => [TableTask.Classification, TableTask.Regression];

    /// <summary>
    /// Largest difference between the native library's answer and the managed predictor's: of a probability, or relative to a number of
    /// which the size is above 1.
    /// </summary>
    public abstract double Tolerance { get; }

    /// <summary>Whether it learns from rows with missing values (NaN); others need something imputed.</summary>
    public virtual bool TakesMissing => false;

    /// <summary>Name and version of the native library, as far as it tells.</summary>
    /// <exception cref="Native.NativeLibraryException">It is not installed.</exception>
    public abstract string Library { get; }

    /// <summary>Replaces "auto" by what it means for these data.</summary>
    internal virtual ParameterSet Complete(ParameterSet parameters, LabelledRows rows) => parameters;

    /// <summary>Whether a model says that it was trained with this.</summary>
    internal virtual bool IsRecorded(string parameter, ParameterSet parameters) => parameter switch
    {
        Threads.Name => false,
        EarlyStopping.Rounds or EarlyStopping.Share => parameters.Integer(EarlyStopping.Rounds) > 0,
        _ => true,
    };

    /// <summary>How many fits may go on side by side: one where a fit uses many threads, or shares something with others.</summary>
    internal virtual int FitsAtOnce(ParameterSet parameters) => 1;

    internal abstract Fit Fit(LabelledRows rows, FitOptions options, CancellationToken cancellationToken);
}

/// <summary>The algorithms by name.</summary>
public static class KnownAlgorithms
{
    public static IReadOnlyList<Algorithm> All { get; } =
    [
        new XGBoostAlgorithm(), new SvmAlgorithm(),
        new LightGbmAlgorithm(), new RandomForestAlgorithm(), new LogisticRegressionAlgorithm(), new LinearRegressionAlgorithm(),
    ];

    public static Algorithm Default => All[0];

    /// <exception cref="InputException">No such algorithm; lists those there are.</exception>
    public static Algorithm Find(string name) => All.FirstOrDefault(a => a.Name == name) ?? throw new InputException(
        InputProblem.InvalidParameter, $"no algorithm \"{name}\"; there are {string.Join(", ", All.Select(a => a.Name))}");
}

/// <summary>How to fit.</summary>
/// <param name="Missing">Whether rows may lack values: not only those of the fit, but those that its model will answer, too.</param>
/// <param name="Progress">Told how many rounds of how many are done, by an algorithm that learns in rounds.</param>
internal sealed record FitOptions(ParameterSet Parameters, int Seed, bool Missing, Action<int, int>? Progress = null);

/// <summary>What an algorithm found: exactly one of the documents.</summary>
/// <param name="Rows">Those that were learned from.</param>
/// <param name="NativeAnswers">The library's own on these rows.</param>
internal sealed record Fit(LabelledRows Rows, NativeAnswers NativeAnswers)
{
    /// <summary>Per column, what all splits by it gained; null for an algorithm without splits.</summary>
    public double[]? Gains { get; init; }

    public TreesDocument<float>? Trees { get; init; }

    public TreesDocument<double>? DoubleTrees { get; init; }

    public VectorsDocument? Vectors { get; init; }

    public LinearDocument? Linear { get; init; }
}

/// <summary>What a library answered, in the precision that it has: row after row, a probability per class or one number.</summary>
internal readonly struct NativeAnswers
{
    private readonly float[]? _singles;
    private readonly double[]? _doubles;

    private NativeAnswers(float[]? singles, double[]? doubles) => (_singles, _doubles) = (singles, doubles);

    public double this[int index] => _singles is null ? _doubles![index] : _singles[index];

    public static implicit operator NativeAnswers(float[] singles) => new(singles, null);

    public static implicit operator NativeAnswers(double[] doubles) => new(null, doubles);
}

/// <summary>A named setting of an algorithm, its default and what it may be.</summary>
public sealed class ParameterDefinition
{
    private readonly Func<string, string?> _normalise;

    private ParameterDefinition(string name, string defaultValue, string allowed, Func<string, string?> normalise) =>
        (Name, Default, Allowed, _normalise) = (name, defaultValue, allowed, normalise);

    public string Name { get; }

    /// <summary>As shown to users; "auto" is resolved when the data are known.</summary>
    public string Default { get; }

    /// <summary>For messages: "a whole number from 1 to 16".</summary>
    public string Allowed { get; }

    /// <summary>One spelling per value, so that 0.30 and 0.3 give the same model file.</summary>
    /// <exception cref="InputException">Not an allowed value; the message says which are.</exception>
    public string Normalise(string text) => _normalise(text.Trim()) ?? throw new InputException(
        InputProblem.InvalidParameter, $"parameter \"{Name}\": expected {Allowed}, found {Values.Show(text)}");

    internal static ParameterDefinition Integer(string name, int defaultValue, int min, int max) => new ParameterDefinition(
        name,
        defaultValue.ToString(CultureInfo.InvariantCulture),
        string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max}"),
        text => IntegerOrNull(text, min, max));

    /// <summary>A number from (but without, if <paramref name="aboveMin"/>) min up to max.</summary>
    internal static ParameterDefinition Number(string name, double defaultValue, double min, double max, bool aboveMin = false) =>
        new(name, Text(defaultValue), Range(min, max, aboveMin), text => NumberOrNull(text, min, max, aboveMin));

    /// <summary>As <see cref="Number"/>, or "auto".</summary>
    internal static ParameterDefinition NumberOrAuto(string name, double min, double max, bool aboveMin = false) => new(
        name, "auto", $"{Range(min, max, aboveMin)}, or auto", text => text == "auto" ? text : NumberOrNull(text, min, max, aboveMin));

    /// <summary>As <see cref="Integer"/>, or "auto".</summary>
    internal static ParameterDefinition IntegerOrAuto(string name, int min, int max) => new(
        name,
        "auto",
        string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max}, or auto"),
        text => text == "auto" ? text : IntegerOrNull(text, min, max));

    internal static ParameterDefinition Choice(string name, string defaultValue, params string[] values) => new ParameterDefinition(
        name, defaultValue, $"one of {string.Join(", ", values)}", text => values.Contains(text, StringComparer.Ordinal) ? text : null);

    internal static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Range(double min, double max, bool aboveMin) =>
        $"a number {(aboveMin ? "above" : "from")} {Text(min)}{(aboveMin ? " and up to " : " to ")}{Text(max)}";

    private static string? IntegerOrNull(string text, int min, int max) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            && value >= min && value <= max
            ? value.ToString(CultureInfo.InvariantCulture)
            : null;

    private static string? NumberOrNull(string text, double min, double max, bool aboveMin) =>
        Numbers.TryParse(text, out var value) && value <= max && (aboveMin ? value > min : value >= min) ? Text(value) : null;
}

/// <summary>A value for every parameter of one algorithm.</summary>
internal sealed record ParameterSet(IReadOnlyDictionary<string, string> Values)
{
    /// <exception cref="InputException">An unknown name (lists the known ones) or a bad value.</exception>
    public static ParameterSet Resolve(Algorithm algorithm, IReadOnlyDictionary<string, string> given)
    {
        string[] known = [.. algorithm.Parameters.Select(p => p.Name)];
        var unknown = given.Keys.Except(known, StringComparer.Ordinal).Order(StringComparer.Ordinal).FirstOrDefault();
        if (unknown is not null)
        {
            var problem = $"algorithm {algorithm.Name} has no parameter \"{unknown}\"; it knows {string.Join(", ", known)}";
            throw new InputException(InputProblem.InvalidParameter, problem);
        }
        return new ParameterSet(algorithm.Parameters.ToDictionary(
            p => p.Name, p => p.Normalise(given.TryGetValue(p.Name, out var value) ? value : p.Default), StringComparer.Ordinal));
    }

    public string Text(string name) => Values[name];

    public int Integer(string name) => int.Parse(Values[name], CultureInfo.InvariantCulture);

    public double Number(string name) => double.Parse(Values[name], CultureInfo.InvariantCulture);

    /// <summary>For a value that depends on the data: "auto" becomes a number.</summary>
    public ParameterSet With(string name, double value) => With(name, ParameterDefinition.Text(value));

    /// <summary>As the other, for a choice.</summary>
    public ParameterSet With(string name, string value) =>
        new(new Dictionary<string, string>(Values, StringComparer.Ordinal) { [name] = value });
}
