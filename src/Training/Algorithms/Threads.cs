using System.Globalization;

namespace IrisOperator.Training.Algorithms;

/// <summary>How many processors a training may use. It is in no model: any number gives the same one.</summary>
internal static class Threads
{
    public const string Name = "threads";

    private const string Auto = "auto";

    // Below, threads wait for each other longer than they work.
    private const int SmallRows = 5000;

    /// <summary>"auto" is as many as the process, or its container, was given, and one for a small table.</summary>
    public static ParameterDefinition Definition { get; } = ParameterDefinition.IntegerOrAuto(Name, 1, 1024);

    public static int Of(ParameterSet parameters, int rows) =>
        parameters.Text(Name) != Auto ? int.Parse(parameters.Text(Name), CultureInfo.InvariantCulture)
        : rows <= SmallRows ? 1 : Environment.ProcessorCount;
}
