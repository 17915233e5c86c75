using System.Text;
using IrisOperator.Learning.Format;
using IrisOperator.Testing;
using IrisOperator.Training.Data;

namespace IrisOperator.Learning.Tests.Training;

public sealed class MissingValueTests
{
    public MissingValueTests() => NativeLibraries.Require();

    [Theory]
    [InlineData(2)]
    [InlineData(40)]
    public void xgboost_sends_a_missing_value_where_its_library_does(int every)
    {
        // Train itself compares with the library on every row of every fold; where few are missing, some folds have none to learn from.
        var dataset = WithMissing(every);

        var result = new Trainer(dataset, new TrainingOptions()).Train(null, TestContext.Current.CancellationToken);

        var model = ModelReader.Read(result.ModelJson);
        Assert.All(model.Features, feature => Assert.True(feature.TakesMissing));
        Assert.InRange(result.Metrics.Values["accuracy"], 0.9, 1);
        Assert.Equal(0, model.Predict([double.NaN, double.NaN, 1.4, 0.2]));
        Assert.Equal(2, model.Predict([double.NaN, double.NaN, double.NaN, 2.4]));
        Assert.Contains("\"missingLeft\":true", Encoding.UTF8.GetString(result.ModelJson), StringComparison.Ordinal);
        if (every == 2)
        {
            Assert.Contains(model.GoldenSamples, sample => sample.Data.ToArray().Any(double.IsNaN));
        }
    }

    [Theory]
    [InlineData("svm")]
    [InlineData("lightgbm")]
    [InlineData("random-forest")]
    [InlineData("logistic-regression")]
    public void the_others_refuse_missing_values(string algorithm)
    {
        var e = Assert.Throws<InputException>(
            () => new Trainer(WithMissing(40), new TrainingOptions { Algorithm = algorithm }));

        Assert.Equal(InputProblem.InvalidDataset, e.Problem);
        Assert.Equal($"iris.csv: a value is missing, and algorithm {algorithm} takes none", e.Message);
    }

    [Fact]
    public void a_text_that_is_missing_counts_too()
    {
        var text = "colour,y\n" + string.Concat(Enumerable.Repeat("red,a\n,a\nblue,b\nblue,b\n", 5));
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        var dataset = DatasetReader.Read("t.csv", stream, new TableOptions { Missing = MissingValues.Native });

        var result = new Trainer(dataset, new TrainingOptions()).Train(null, TestContext.Current.CancellationToken);

        Assert.True(Assert.Single(ModelReader.Read(result.ModelJson).Features).TakesMissing);
        Assert.Throws<InputException>(() => new Trainer(dataset, new TrainingOptions { Algorithm = "svm" }));
    }

    /// <summary>Iris without one of its four values in every so many rows.</summary>
    private static Dataset WithMissing(int every)
    {
        var lines = File.ReadAllLines(Repository.IrisCsv);
        for (var row = 0; row < lines.Length - 1; row += every)
        {
            var cells = lines[row + 1].Split(',');
            cells[row / every % 4] = "";
            lines[row + 1] = string.Join(',', cells);
        }
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        return DatasetReader.Read("iris.csv", stream, new TableOptions { Missing = MissingValues.Native });
    }
}
