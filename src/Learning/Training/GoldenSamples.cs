using IrisOperator.Learning.Data;
using IrisOperator.Learning.Format;

namespace IrisOperator.Learning.Training;

internal static class GoldenSamples
{
    private const int Wanted = 10;

    /// <summary>
    /// One row of each class, then a second of each, until there are ten; more than ten classes still get one each.
    /// Within a class in the order of the file.
    /// </summary>
    public static GoldenSampleDocument[] Record(LabelledRows rows, int[] candidates, Model model)
    {
        var byClass = candidates.GroupBy(row => rows.Labels[row]).OrderBy(g => g.Key).Select(g => g.ToArray()).ToArray();
        var chosen = new List<int>();
        for (var turn = 0; turn == 0 || (chosen.Count < Wanted && byClass.Any(c => c.Length > turn)); turn++)
        {
            foreach (var members in byClass)
            {
                if (members.Length > turn && (turn == 0 || chosen.Count < Wanted))
                {
                    chosen.Add(members[turn]);
                }
            }
        }
        return [.. chosen.Select(row => Record(rows.Row(row).ToArray(), model))];
    }

    private static GoldenSampleDocument Record(double[] data, Model model)
    {
        var probabilities = new double[model.Classes.Count];
        model.PredictProbabilities(data, probabilities);
        return new GoldenSampleDocument(data, Model.MostProbable(probabilities), probabilities);
    }
}
