using System.Globalization;

namespace IrisOperator.Training.Algorithms;

/// <summary>How many processors a training may use. It is in no model: any number gives the same one.</summary>
internal static class Threads
{
    public const string Name = "threads";

    private const string All = "auto";

    /// <summary>"auto" is as many as the process, or its container, was given.</summary>
    public static ParameterDefinition Definition { get; } = ParameterDefinition.IntegerOrAuto(Name, 1, 1024);

    public static int Of(ParameterSet parameters) => parameters.Text(Name) == All
        ? Environment.ProcessorCount
        : int.Parse(parameters.Text(Name), CultureInfo.InvariantCulture);
}
