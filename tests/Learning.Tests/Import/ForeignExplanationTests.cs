using System.Text.Json.Nodes;
using IrisOperator.Training.Import;

namespace IrisOperator.Learning.Tests.Import;

/// <summary>Contributions beside those of the libraries that trained the models.</summary>
public sealed class ForeignExplanationTests
{
    [Theory]
    [InlineData("iris.json")]
    [InlineData("cancer.json")]
    [InlineData("diabetes.ubj")]
    public void contributions_are_those_of_python_xgboost(string file)
    {
        var model = Imported.Build(XGBoostModel.Read(XGBoostModelTests.JsonOf(file)));
        var recorded = JsonNode.Parse(File.ReadAllText(
            XGBoostModelTests.PathOf($"{Path.GetFileNameWithoutExtension(file)}.answers.json")))!;
        var rows = recorded["rows"]!.AsArray();

        for (var row = 0; row < rows.Count; row++)
        {
            double[] features = [.. rows[row]!.AsArray().Select(value => (double?)value ?? double.NaN)];
            double[] expected = [.. recorded["contributions"]![row]!.AsArray().Select(value => (double)value!)];
            AssertContributions(model.Explainer!, features, expected, 1e-5);
        }
    }

    [Theory]
    [InlineData("objective=multiclass num_class=3", 3, 0.1)]
    [InlineData("objective=multiclass num_class=3 use_missing=false", 3, 0.1)]
    [InlineData("objective=multiclass num_class=3 boosting=rf bagging_freq=1 bagging_fraction=0.6", 3, 0, 6)]
    [InlineData("objective=binary sigmoid=0.7", 2, 0.1)]
    [InlineData("objective=regression", 0, 0.1)]
    public void contributions_are_those_of_lightgbm(string parameters, int classes, double missing, int divisor = 1)
    {
        const int columns = 4;
        var (rows, labels) = LightGbmModelTests.Table(classes, missing);
        using var library = LightGbmModelTests.Train(rows, labels, parameters);

        var explainer = Imported.Build(LightGbmModel.Read(library.Save())).Explainer!;

        var length = explainer.Margins * explainer.Width;
        // LightGBM answers the mean of the trees of a random forest, but tells the contributions of their sum.
        double[] expected = [.. library.Contribute(rows, columns, explainer.Margins).Select(one => one / divisor)];
        for (var row = 0; row < labels.Length; row++)
        {
            AssertContributions(explainer, rows.AsSpan(row * columns, columns), expected.AsSpan(row * length, length), 1e-9);
        }
    }

    [Theory]
    [InlineData("sum_hessian", "[]")]
    [InlineData("sum_hessian", "null")]
    [InlineData("sum_hessian/2", "null")]
    [InlineData("sum_hessian/2", "-1")]
    [InlineData("sum_hessian/2", "1e38")]
    public void a_file_that_does_not_say_how_many_rows_there_were_is_imported_without_explanations(string path, string value)
    {
        var json = JsonNode.Parse(XGBoostModelTests.JsonOf("iris.json").Span)!;
        var tree = json["learner"]!["gradient_booster"]!["model"]!["trees"]![0]!.AsObject();
        if (path == "sum_hessian" && value == "null")
        {
            tree.Remove(path);
        }
        else if (path == "sum_hessian")
        {
            tree[path] = JsonNode.Parse(value);
        }
        else
        {
            tree["sum_hessian"]![2] = JsonNode.Parse(value);
        }

        var imported = XGBoostModel.Read(System.Text.Encoding.UTF8.GetBytes(json.ToJsonString()));

        Assert.All(imported.Trees!.Trees, one => Assert.Null(one.Covers));
        Assert.Equal(
            "the file does not say how many rows reached each leaf, so that no prediction can be explained",
            Assert.Single(imported.Assumptions));
        Assert.Null(Imported.Build(imported).Explainer);
    }

    /// <param name="expected">Margin after margin, one number per feature and then the base value.</param>
    private static void AssertContributions(
        Explainer explainer, ReadOnlySpan<double> features, ReadOnlySpan<double> expected, double tolerance)
    {
        var found = new double[explainer.Margins * explainer.Width];
        explainer.Explain(features, found);
        Assert.Equal(expected.Length, found.Length);
        for (var i = 0; i < found.Length; i++)
        {
            var isBase = i % explainer.Width == 0;
            var other = expected[isBase ? i + explainer.Width - 1 : i - 1];
            Assert.Equal(other, found[i], tolerance * Math.Max(1, Math.Abs(other)));
        }
    }
}
