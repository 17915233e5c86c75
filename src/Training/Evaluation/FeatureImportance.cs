using IrisOperator.Training.Data;

namespace IrisOperator.Training.Evaluation;

/// <summary>How much a model relies on a feature.</summary>
/// <param name="Gain">Share of the gain of all splits that those by it have, from 0 to 1; null for a model without splits.</param>
/// <param name="Permutation">
/// On rows that the model has not seen: the accuracy that is lost, or what is added to the root of the mean squared error, when its values
/// change places.
/// </param>
internal sealed record FeatureImportance(string Feature, double? Gain, double Permutation)
{
    /// <param name="gains">Per column.</param>
    public static IReadOnlyList<FeatureImportance> Of(Dataset dataset, PermutationImportance permutation, double[]? gains)
    {
        var (columns, total, means) = (dataset.Columns(), gains?.Sum() ?? 0, permutation.Means());
        return
        [
            .. dataset.Features.Select((feature, f) => new FeatureImportance(
                feature.Name,
                total > 0 ? gains.AsSpan(columns[f].First, columns[f].Width).ToArray().Sum() / total : null,
                means[f])),
        ];
    }
}
