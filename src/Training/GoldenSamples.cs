using IrisOperator.Learning.Format;
using IrisOperator.Training.Data;

namespace IrisOperator.Training;

internal static class GoldenSamples
{
    private const int Wanted = 10;

    /// <summary>
    /// One row of each class, then a second of each, until there are ten; more than ten classes still get one each.
    /// Within a class in the order of the file.
    /// </summary>
    public static GoldenSampleDocument[] Record(Dataset dataset, int[] candidates, Model model)
    {
        var byClass = candidates.GroupBy(row => dataset.Rows.Labels[row]).OrderBy(g => g.Key).Select(g => g.ToArray()).ToArray();
        var chosen = new List<int>();
        for (var turn = 0; turn == 0 || (chosen.Count < Wanted && byClass.Any(c => c.Length > turn)); turn++)
        {
            var next = byClass.Where(members => members.Length > turn).Select(members => members[turn]);
            chosen.AddRange(turn == 0 ? next : next.Take(Wanted - chosen.Count));
        }
        return [.. chosen.Select(row => Record(dataset.Decode(row), model))];
    }

    private static GoldenSampleDocument Record(double[] data, Model model)
    {
        var probabilities = new double[model.Classes.Count];
        model.PredictProbabilities(data, probabilities);
        return new GoldenSampleDocument(data, Model.MostProbable(probabilities), probabilities);
    }
}
