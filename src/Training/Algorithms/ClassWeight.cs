using IrisOperator.Training.Data;

namespace IrisOperator.Training.Algorithms;

/// <summary>How much each row counts in a training.</summary>
internal static class ClassWeight
{
    public const string Name = "classWeight";

    public const string None = "none";
    private const string Balanced = "balanced";

    public static ParameterDefinition Definition { get; } = ParameterDefinition.Choice(Name, None, None, Balanced);

    public static bool IsBalanced(ParameterSet parameters) => parameters.Values.GetValueOrDefault(Name) == Balanced;

    /// <summary>Balanced, each class counts as much as any other: rows / (classes * rows of the class).</summary>
    public static float[] Of(LabelledRows rows, ParameterSet parameters)
    {
        var weights = new float[rows.Count];
        Array.Fill(weights, 1);
        if (IsBalanced(parameters))
        {
            var counts = new int[rows.Classes];
            foreach (var label in rows.Labels)
            {
                counts[label]++;
            }
            for (var row = 0; row < weights.Length; row++)
            {
                weights[row] = (float)((double)rows.Count / ((double)rows.Classes * counts[rows.Labels[row]]));
            }
        }
        return weights;
    }
}
