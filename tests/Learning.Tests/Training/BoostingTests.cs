using System.Text;
using IrisOperator.Learning.Format;
using IrisOperator.Testing;
using IrisOperator.Training.Data;

namespace IrisOperator.Learning.Tests.Training;

/// <summary>What boosting by XGBoost and LightGBM has beyond the other algorithms: histograms, threads, early stopping.</summary>
public sealed class BoostingTests
{
    public BoostingTests() => NativeLibraries.Require();

    [Theory]
    [InlineData("xgboost", "treeMethod=hist")]
    [InlineData("xgboost", "treeMethod=hist,subsample=0.7,columnSample=0.7")]
    [InlineData("xgboost", "treeMethod=hist,classWeight=balanced")]
    [InlineData("xgboost", "treeMethod=exact")]
    [InlineData("xgboost", "treeMethod=exact,subsample=0.7,columnSample=0.7")]
    [InlineData("lightgbm", "")]
    [InlineData("lightgbm", "subsample=0.7,columnSample=0.7")]
    public void any_number_of_threads_gives_the_same_model_and_report(string algorithm, string parameters)
    {
        var dataset = Samples.Clouds(classes: 4, rowsPerClass: 700, features: 8);

        var results = new[] { "1", "2", "4", "auto" }
            .Select(threads => Trained(dataset, algorithm, $"{parameters},rounds=20,threads={threads}"))
            .Select(result => (result.ModelDigest, Encoding.UTF8.GetString(result.ReportJson)));

        Assert.Single(results.Distinct());
    }

    [Fact]
    public void a_regression_by_histograms_has_the_same_digest_by_any_number_of_threads()
    {
        var random = new Random(3);
        var lines = Enumerable.Range(0, 3000).Select(_ => Enumerable.Range(0, 3).Select(_ => random.NextDouble()).ToArray())
            .Select(x => FormattableString.Invariant($"{x[0]},{x[1]},{x[2]},{(1e6 * x[0]) + Math.Exp(9 * x[1]) - (1e-3 * x[2])}"));
        var dataset = Samples.Numbers($"a,b,c,y\n{string.Join('\n', lines)}\n");

        var digests = new[] { "1", "2", "4" }
            .Select(threads => Trained(dataset, "xgboost", $"treeMethod=hist,threads={threads}").ModelDigest);

        Assert.Single(digests.Distinct());
    }

    [Fact]
    public void histograms_are_taken_for_many_rows_and_are_as_good()
    {
        var dataset = Samples.Clouds(classes: 3, rowsPerClass: 2000, features: 4);

        var auto = Trained(dataset, "xgboost", "rounds=30");
        var exact = Trained(dataset, "xgboost", "rounds=30,treeMethod=exact");

        Assert.Equal("hist", ModelReader.Read(auto.ModelJson).Parameters["treeMethod"]);
        Assert.Equal(auto.Metrics.Values["accuracy"], exact.Metrics.Values["accuracy"], tolerance: 0.005);
    }

    [Theory]
    [InlineData("xgboost", "treeMethod=exact")]
    [InlineData("xgboost", "treeMethod=exact,subsample=0.7,columnSample=0.7")]
    [InlineData("xgboost", "treeMethod=hist")]
    [InlineData("lightgbm", "")]
    public void early_stopping_forgets_what_came_after_the_best_round(string algorithm, string parameters)
    {
        var dataset = Samples.Clouds(classes: 3, rowsPerClass: 200, features: 1);

        var stopped = Trained(dataset, algorithm, $"{parameters},rounds=2000,earlyStoppingRounds=5");
        var whole = Trained(dataset, algorithm, $"{parameters},rounds=200");

        Assert.InRange(Rounds(stopped), 2, 150);
        Assert.InRange(stopped.Metrics.Values["logLoss"], 0, whole.Metrics.Values["logLoss"]);
        Assert.Equal("5", ModelReader.Read(stopped.ModelJson).Parameters["earlyStoppingRounds"]);
        Assert.DoesNotContain("earlyStoppingRounds", ModelReader.Read(whole.ModelJson).Parameters);
    }

    [Fact]
    public void progress_tells_each_stage_its_rounds_and_the_share_of_the_whole()
    {
        var told = new List<TrainingProgress>();
        var options = new TrainingOptions { Folds = 3, Parameters = new Dictionary<string, string> { ["rounds"] = "10" } };

        new Trainer(Samples.Iris(), options).Train(told.Add, TestContext.Current.CancellationToken);

        Assert.Equal(["all rows", "fold 1 of 3", "fold 2 of 3", "fold 3 of 3"], told.Select(one => one.Stage).Distinct().Order());
        Assert.Equal(40, told.Count(one => one.Round > 0));
        Assert.Equal(told.Select(one => one.Share).Order(), told.Select(one => one.Share));
        Assert.Equal(1, told[^1].Share);
        Assert.Equal(4, told.Count(one => one.Result is not null));
    }

    private static int Rounds(TrainingResult result)
    {
        var document = ModelReader.Parse(result.ModelJson, FormatJsonContext.Default.ModelDocument, "model.json");
        return document.Trees?.Rounds ?? document.DoubleTrees!.Rounds;
    }

    private static TrainingResult Trained(Dataset dataset, string algorithm, string parameters)
    {
        var given = parameters.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('='));
        var options = new TrainingOptions
        {
            Algorithm = algorithm,
            Folds = 2,
            Parameters = given.ToDictionary(pair => pair[0], pair => pair[1]),
        };
        return new Trainer(dataset, options).Train(null, TestContext.Current.CancellationToken);
    }
}
