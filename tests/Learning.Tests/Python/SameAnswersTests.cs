using System.Text.Json.Nodes;
using IrisOperator.Learning.Format;
using IrisOperator.Testing;
using IrisOperator.Training.Data;

namespace IrisOperator.Learning.Tests.Python;

/// <summary>
/// Models of ours beside those of Debian's python3-xgboost and of scikit-learn's SVC, of the same rows and parameters; tables and answers
/// are made by the script make-answers.
/// </summary>
public sealed class SameAnswersTests
{
    public SameAnswersTests() => NativeLibraries.Require();

    [Theory]
    [InlineData("iris", "exact")]
    [InlineData("iris", "hist")]
    [InlineData("wine", "exact")]
    [InlineData("wine", "hist")]
    [InlineData("breast-cancer", "exact")]
    [InlineData("breast-cancer", "hist")]
    [InlineData("diabetes", "exact")]
    [InlineData("diabetes", "hist")]
    public void boosted_trees_answer_every_row_as_xgboost_in_python_does(string table, string method) =>
        Compare(Read(table), table, method);

    [Theory]
    [InlineData("made", "exact")]
    [InlineData("made", "hist")]
    [InlineData("missing", "exact")]
    [InlineData("missing", "hist")]
    [InlineData("text", "exact")]
    [InlineData("text", "hist")]
    public void so_they_do_for_many_rows_missing_values_and_texts(string table, string method) => Compare(
        table switch
        {
            "made" => GeneratedTable.Of(10_000),
            "missing" => GeneratedTable.Of(2000, missing: 10),
            _ => GeneratedTable.Of(2000, texts: 2),
        },
        table,
        method);

    [Theory]
    [InlineData("iris")]
    [InlineData("wine")]
    [InlineData("breast-cancer")]
    [InlineData("digits")]
    public void support_vectors_give_the_labels_of_scikit_learn(string table)
    {
        var dataset = Read(table);
        var model = Trained(dataset, "svm", []);

        var expected = (string)Answers(table)["svm"]!;
        Assert.Equal(dataset.Rows.Count, expected.Length);
        var same = Enumerable.Range(0, expected.Length).Count(row => model.Predict(dataset.Rows.Row(row)) == expected[row] - '0');
        Assert.InRange(same, 0.995 * expected.Length, expected.Length);
    }

    private static void Compare(Dataset dataset, string table, string method)
    {
        var model = Trained(
            dataset, "xgboost", new() { ["rounds"] = "20", ["maxDepth"] = "4", ["treeMethod"] = method, ["threads"] = "1" });
        var recorded = Answers(table)[method]!.AsArray();
        var step = (int?)Answers(table)["step"] ?? 1;
        Assert.Equal((dataset.Rows.Count + step - 1) / step, recorded.Count);
        var answers = new double[model.Answers];
        for (var i = 0; i < recorded.Count; i++)
        {
            model.PredictProbabilities(dataset.Decode(i * step), answers);
            double[] expected = [.. recorded[i]!.AsArray().Select(value => (double)value!)];
            Assert.All(
                answers.Zip(expected),
                pair => Assert.Equal(pair.Second, pair.First, 1e-6 * Math.Max(1, Math.Abs(pair.Second))));
        }
    }

    private static Dataset Read(string table) => DatasetReader.ReadFiles(
        [PathOf($"{table}.csv.gz")],
        new TableOptions { Task = table == "diabetes" ? TableTask.Regression : TableTask.Classification });

    private static Model Trained(Dataset dataset, string algorithm, Dictionary<string, string> parameters)
    {
        var options = new TrainingOptions { Algorithm = algorithm, Parameters = parameters, Holdout = 0.1 };
        return ModelReader.Read(new Trainer(dataset, options).Train(null, TestContext.Current.CancellationToken).ModelJson);
    }

    private static JsonNode Answers(string table) => JsonNode.Parse(File.ReadAllText(PathOf($"{table}.json")))!;

    private static string PathOf(string file) => Path.Combine(Repository.Root, "tests", "Learning.Tests", "Python", "answers", file);
}
