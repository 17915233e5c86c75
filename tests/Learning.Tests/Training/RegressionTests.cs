using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using IrisOperator.Learning.Format;
using IrisOperator.Testing;
using IrisOperator.Training.Data;

namespace IrisOperator.Learning.Tests.Training;

/// <summary>Numbers instead of classes.</summary>
public sealed class RegressionTests
{
    public RegressionTests() => NativeLibraries.Require();

    [Theory]
    [InlineData("xgboost", 0.95)]
    [InlineData("lightgbm", 0.9)]
    [InlineData("random-forest", 0.8)]
    [InlineData("linear-regression", 0.99)]
    public void a_number_is_learned_judged_and_answered(string algorithm, double least)
    {
        // Train itself compares with the library on every row that it fits.
        var result = Train(algorithm);

        Assert.InRange(result.Metrics.Values["r2"], least, 1);
        var model = ModelReader.Read(result.ModelJson);
        Assert.True(model.IsRegression);
        Assert.Equal(10, model.GoldenSamples.Count);
        var spread = Math.Sqrt(1 - result.Metrics.Values["r2"]) * 40;
        Assert.Equal(100 + (3 * 5) - (2 * 2), model.Answer([5, 2, 1]), 3 * spread);
        var report = JsonNode.Parse(result.ReportJson)!;
        Assert.Equal(["rmse", "mae", "r2"], report["metrics"]!.AsObject().Select(metric => metric.Key));
        double[] importance = [.. report["importance"]!.AsArray().Select(feature => (double)feature!["permutation"]!)];
        Assert.True(importance[0] > importance[1] && importance[1] > 10 * Math.Abs(importance[2]), string.Join(' ', importance));
        if (algorithm != "linear-regression")
        {
            Assert.Equal(1, report["importance"]!.AsArray().Sum(feature => (double)feature!["gain"]!), 1e-9);
            Assert.InRange((double)report["importance"]![0]!["gain"]!, 0.5, 1);
        }
        Assert.Equal(5, report["foldErrors"]!.AsArray().Count);
        Assert.Equal((null, null, null), (report["classes"], report["confusionMatrix"], report["foldAccuracies"]));
        Assert.Contains("a number is predicted", Encoding.UTF8.GetString(result.ModelText), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("xgboost")]
    [InlineData("lightgbm")]
    [InlineData("random-forest")]
    [InlineData("linear-regression")]
    public void the_same_rows_and_seed_give_the_same_bytes(string algorithm) =>
        Assert.Equal(Train(algorithm).ModelDigest, Train(algorithm).ModelDigest);

    [Fact]
    public void a_share_of_the_rows_may_be_held_out() =>
        Assert.InRange(Train("linear-regression", new TrainingOptions { Holdout = 0.25 }).Metrics.Values["r2"], 0.99, 1);

    [Fact]
    public void one_row_is_too_few_to_hold_out()
    {
        using var stream = new MemoryStream("a,y\n1,2\n"u8.ToArray());

        var e = Assert.Throws<InputException>(() => new Trainer(
            DatasetReader.Read("t.csv", stream, new TableOptions { Task = TableTask.Regression }), new TrainingOptions { Holdout = 0.5 }));

        Assert.StartsWith("holdout: t.csv has one row", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("svm", "algorithm svm learns no regression; there are xgboost, lightgbm, random-forest, linear-regression")]
    [InlineData("logistic-regression", "algorithm logistic-regression learns no regression; there are ")]
    public void an_algorithm_of_classes_is_refused(string algorithm, string message)
    {
        var e = Assert.Throws<InputException>(() => Train(algorithm));

        Assert.StartsWith(message, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void what_needs_classes_is_refused()
    {
        var weighted = new TrainingOptions { Parameters = new Dictionary<string, string> { ["classWeight"] = "balanced" } };
        var accurate = new TrainingOptions { Requirements = [Requirement.Parse("accuracy=0.9")] };

        Assert.Equal("parameter \"classWeight\": a regression has no classes", Refused(weighted));
        Assert.Equal("required accuracy: a regression has rmse, mae, r2", Refused(accurate));

        static string Refused(TrainingOptions options) => Assert.Throws<InputException>(() => Train("xgboost", options)).Message;
    }

    [Fact]
    public void a_missed_bound_rejects_the_run()
    {
        var result = Train("linear-regression", new TrainingOptions { Requirements = [Requirement.Parse("rmse=0.01")] });

        Assert.StartsWith("rmse ", result.Rejection, StringComparison.Ordinal);
        Assert.EndsWith(" is above the required 0.01", result.Rejection, StringComparison.Ordinal);
    }

    private static TrainingResult Train(string algorithm, TrainingOptions? options = null)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(Table()));
        var dataset = DatasetReader.Read("t.csv", stream, new TableOptions { Task = TableTask.Regression });
        return new Trainer(dataset, (options ?? new()) with { Algorithm = algorithm }).Train(null, TestContext.Current.CancellationToken);
    }

    /// <summary>100 + 3a - 2b with a little noise, and a column that says nothing.</summary>
    private static string Table()
    {
        var random = new Random(1);
        var text = new StringBuilder("a,b,c,y\n");
        for (var row = 0; row < 400; row++)
        {
            var (a, b, c) = (random.NextDouble() * 10, random.NextDouble() * 10, random.NextDouble());
            var y = 100 + (3 * a) - (2 * b) + ((random.NextDouble() - 0.5) * 0.5);
            text.Append(CultureInfo.InvariantCulture, $"{a:R},{b:R},{c:R},{y:R}\n");
        }
        return text.ToString();
    }
}
