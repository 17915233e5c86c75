using System.Globalization;
using IrisOperator.Learning.Format;
using IrisOperator.Testing;
using IrisOperator.Training.Algorithms;
using IrisOperator.Training.Data;

namespace IrisOperator.Learning.Tests.Training;

public sealed class ClassWeightTests
{
    public ClassWeightTests() => NativeLibraries.Require();

    [Fact]
    public void balanced_classes_count_the_same_whatever_their_rows()
    {
        var rows = Samples.Csv("x,y\n1,a\n1,a\n1,b\n1,b\n1,b\n1,b\n1,b\n1,b\n").Rows;
        var parameters = new Dictionary<string, string> { ["classWeight"] = "balanced" };

        Assert.Equal([2, 2, .. Enumerable.Repeat(2 / 3f, 6)], ClassWeight.Of(rows, new ParameterSet(parameters)));
    }

    [Fact]
    public void a_model_of_xgboost_without_weights_says_nothing_of_them()
    {
        Assert.DoesNotContain("classWeight", Parameters("none"));
        Assert.Contains("classWeight", Parameters("balanced"));

        static IEnumerable<string> Parameters(string classWeight) =>
            ModelReader.Read(Train("xgboost", Samples.Iris(), classWeight, "rounds").ModelJson).Parameters.Keys;
    }

    [Theory]
    [InlineData("xgboost", "rounds")]
    [InlineData("lightgbm", "rounds")]
    [InlineData("random-forest", "trees")]
    [InlineData("logistic-regression", "iterations")]
    public void balanced_weights_find_more_of_a_rare_class(string algorithm, string count)
    {
        var random = new Random(9);
        var lines = Enumerable.Range(0, 1000).Select(i => i % 20 == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{0.7 + (0.3 * random.NextDouble()):R},rare")
            : string.Create(CultureInfo.InvariantCulture, $"{random.NextDouble():R},usual"));
        var dataset = Samples.Csv($"x,y\n{string.Join('\n', lines)}");

        var (balanced, none) = (Recall("balanced"), Recall("none"));

        Assert.True(balanced > none + 0.1, $"{balanced} and {none}");

        double Recall(string classWeight) =>
            Train(algorithm, dataset, classWeight, count).Metrics.Classes.Single(one => one.Class == "rare").Recall;
    }

    private static TrainingResult Train(string algorithm, Dataset dataset, string classWeight, string count)
    {
        var options = new TrainingOptions
        {
            Algorithm = algorithm,
            Parameters = new Dictionary<string, string> { ["classWeight"] = classWeight, [count] = "20" },
        };
        return new Trainer(dataset, options).Train(null, TestContext.Current.CancellationToken);
    }
}
