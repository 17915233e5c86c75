using IrisOperator.Learning.Format;
using IrisOperator.Testing;
using IrisOperator.Training.Data;

namespace IrisOperator.Learning.Tests.Prediction;

/// <summary>Many rows at once get, bit for bit, the answers that each gets alone.</summary>
public sealed class RowsTests
{
    public RowsTests() => NativeLibraries.Require();

    [Theory]
    [InlineData("xgboost", 1)]
    [InlineData("xgboost", 3)]
    [InlineData("xgboost", 64)]
    [InlineData("xgboost", 131)]
    [InlineData("lightgbm", 131)]
    [InlineData("random-forest", 131)]
    [InlineData("svm", 5)]
    [InlineData("logistic-regression", 5)]
    public void rows_together_are_answered_as_each_alone(string algorithm, int count)
    {
        var dataset = Samples.Clouds(classes: 3, rowsPerClass: 60, features: 4);
        var options = new TrainingOptions { Algorithm = algorithm, Folds = 2 };
        var result = new Trainer(dataset, options).Train(null, TestContext.Current.CancellationToken);
        var model = ModelReader.Read(result.ModelJson);

        AssertSame(model, [.. Enumerable.Range(0, count).SelectMany(row => dataset.Rows.Row(row).ToArray())]);
    }

    [Fact]
    public void missing_values_take_their_branch_in_any_number_of_rows()
    {
        var random = new Random(5);
        string Cell() => random.Next(5) == 0 ? "" : FormattableString.Invariant($"{random.NextDouble()}");
        var lines = Enumerable.Range(0, 300).Select(row => $"{Cell()},{Cell()},{Cell()},{"ab"[random.Next(2)]}");
        using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes($"x,y,z,label\n{string.Join('\n', lines)}\n"));
        var dataset = DatasetReader.Read("t.csv", stream, new TableOptions { Missing = MissingValues.Native });
        var result = new Trainer(dataset, new TrainingOptions { Folds = 2 }).Train(null, TestContext.Current.CancellationToken);

        AssertSame(ModelReader.Read(result.ModelJson), dataset.Rows.ToArray());
    }

    private static void AssertSame(Model model, double[] rows)
    {
        var count = rows.Length / model.Columns;
        var together = new double[count * model.Answers];
        var alone = new double[together.Length];

        model.PredictRows(rows, together);
        for (var row = 0; row < count; row++)
        {
            model.PredictProbabilities(rows.AsSpan(row * model.Columns, model.Columns), alone.AsSpan(row * model.Answers, model.Answers));
        }

        Assert.Equal(alone, together);
    }
}
