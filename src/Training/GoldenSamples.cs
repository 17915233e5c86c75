using IrisOperator.Learning.Format;
using IrisOperator.Training.Data;

namespace IrisOperator.Training;

internal static class GoldenSamples
{
    private const int Wanted = 10;

    /// <summary>
    /// One row of each class, then a second of each, until there are ten; more than ten classes still get one each.
    /// Within a class in the order of the file. Of a regression the first ten rows.
    /// </summary>
    public static GoldenSampleDocument[] Record(Dataset dataset, int[] candidates, Model model)
    {
        var rows = dataset.Rows;
        var byClass = candidates
            .GroupBy(row => rows.Classes == 0 ? 0 : rows.Labels[row])
            .OrderBy(members => members.Key)
            .Select(members => members.ToArray())
            .ToArray();
        var chosen = new List<int>();
        for (var turn = 0; turn == 0 || (chosen.Count < Wanted && byClass.Any(c => c.Length > turn)); turn++)
        {
            var next = byClass.Where(members => members.Length > turn).Select(members => members[turn]);
            chosen.AddRange(turn == 0 ? next : next.Take(Wanted - chosen.Count));
        }
        return [.. chosen.Select(row => Record(dataset.Decode(row), model))];
    }

    /// <summary>What stands in a document until there is a model to ask.</summary>
    public static GoldenSampleDocument Placeholder(Dataset dataset) =>
        new(dataset.Decode(0), 0, dataset.Classes.Count == 0 ? null : [1, .. new double[dataset.Classes.Count - 1]]);

    private static GoldenSampleDocument Record(double[] data, Model model)
    {
        var answers = new double[model.Answers];
        model.PredictProbabilities(data, answers);
        return model.IsRegression
            ? new GoldenSampleDocument(data, answers[0])
            : new GoldenSampleDocument(data, Model.MostProbable(answers), answers);
    }
}
