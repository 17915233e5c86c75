using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IrisOperator.Learning.Format;
using IrisOperator.Learning.Prediction;
using IrisOperator.Testing;
using IrisOperator.Training.Data;

namespace IrisOperator.Learning.Tests.Prediction;

/// <summary>Contributions of features to the margins of models, trained here or worked out by hand.</summary>
public sealed class ExplainerTests
{
    private const double Missing = double.NaN;

    private static readonly string[] Colours = ["red", "green", "blue"];

    [Theory]
    [InlineData(1, 1, 20, -0.25, 0.5, 2)]
    [InlineData(Missing, -1, Missing, 0.25, -1.5, -2)]
    public void a_text_and_a_missing_value_contribute_as_others_do(
        double size, double colour, double weight, double bySize, double byColour, double byWeight)
    {
        var explainer = Read(NewerFixtures.MixedJson()).Explainer!;

        var found = Explain(explainer, [size, colour, weight]);

        Assert.Equal((1, 4), (explainer.Margins, explainer.Width));
        Assert.Equal(["yes"], explainer.Classes);
        Assert.Equal([0.75, bySize, byColour, byWeight], found, (x, y) => Math.Abs(x - y) < 1e-12);
    }

    [Fact]
    public void the_weights_of_a_linear_model_count_from_the_mean()
    {
        var json = JsonNode.Parse(NewerFixtures.RegressionJson(22))!;
        json["linear"]!["means"] = new JsonArray(1, 0.5, 0.5);
        json["linear"]!["scales"] = new JsonArray(2, 1, 1);
        json["goldenSamples"] = JsonNode.Parse("""[{"data":[3,1],"prediction":8}]""");

        var explainer = Read(json.ToJsonString()).Explainer!;

        // 2 (3 - 1) / 2, then 10 (0 - 0.5) + 20 (1 - 0.5).
        Assert.Empty(explainer.Classes);
        Assert.Equal([1, 2, 5], Explain(explainer, [3, 1]));
    }

    [Theory]
    [InlineData("xgboost", true)]
    [InlineData("xgboost", false)]
    [InlineData("lightgbm", true)]
    [InlineData("lightgbm", false)]
    [InlineData("random-forest", true)]
    [InlineData("random-forest", false)]
    [InlineData("logistic-regression", true)]
    [InlineData("linear-regression", false)]
    public void contributions_sum_to_the_margins_that_the_answer_is_made_of(string algorithm, bool isClassification)
    {
        NativeLibraries.Require();
        var table = Table(isClassification, missing: algorithm == "xgboost");
        var json = new Trainer(table, new TrainingOptions { Algorithm = algorithm, Folds = 2 })
            .Train(null, TestContext.Current.CancellationToken).ModelJson;

        var document = JsonSerializer.Deserialize(json, FormatJsonContext.Default.ModelDocument)!;
        var link = new Link(document.Trees?.Link ?? document.DoubleTrees?.Link ?? document.Linear?.Link);
        var model = ModelReader.Read(json);
        var (answers, fromMargins) = (new double[model.Answers], new double[model.Answers]);
        foreach (var sample in model.GoldenSamples)
        {
            var found = Explain(model.Explainer!, sample.Data.Span);
            double[] margins = [.. found.Chunk(model.Explainer!.Width).Select(one => one.Sum())];
            link.Apply(margins.AsSpan(), fromMargins);
            model.PredictProbabilities(sample.Data.Span, answers);
            Assert.Equal(answers, fromMargins, (x, y) => Math.Abs(x - y) <= 2e-6 * Math.Max(1, Math.Abs(x)));
        }
        // The noise says nothing, the number that was learned from does.
        var shares = model.GoldenSamples.Select(sample => Explain(model.Explainer!, sample.Data.Span)).ToArray();
        Assert.True(shares.Sum(one => Math.Abs(one[1])) > 2 * shares.Sum(one => Math.Abs(one[3])));
    }

    [Fact]
    public void what_tells_no_contributions_says_why()
    {
        var svm = new Trainer(Samples.Iris(), new TrainingOptions { Algorithm = "svm", Folds = 2 })
            .Train(null, TestContext.Current.CancellationToken);

        var vectors = ModelReader.Read(svm.ModelJson);
        var trees = Read(ModelFixtures.IrisJson());

        Assert.Equal((null, null), (vectors.Explainer, trees.Explainer));
        Assert.Equal("its answers are no sums of what features contribute", vectors.Unexplained);
        Assert.Equal("its file does not say how many rows reached each leaf; train or import it again", trees.Unexplained);
    }

    [Fact]
    public void what_a_model_does_not_take_is_not_explained()
    {
        var explainer = Read(NewerFixtures.RegressionJson()).Explainer!;

        Assert.Throws<ArgumentException>(() => explainer.Explain([Missing, 1], new double[3]));
        Assert.Throws<ArgumentException>(() => explainer.Explain([1], new double[3]));
        Assert.Throws<ArgumentException>(() => explainer.Explain([1, 1], new double[2]));
    }

    [Theory]
    [MemberData(nameof(Format.NewerModelTests.Newer), MemberType = typeof(Format.NewerModelTests))]
    public void an_explanation_allocates_nothing(string json)
    {
        var explainer = Read(json).Explainer!;
        var (row, found) = (new double[explainer.Width - 1], new double[explainer.Margins * explainer.Width]);
        explainer.Explain(row, found);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            explainer.Explain(row, found);
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static double[] Explain(Explainer explainer, ReadOnlySpan<double> row)
    {
        var found = new double[explainer.Margins * explainer.Width];
        explainer.Explain(row, found);
        return found;
    }

    /// <summary>A number that tells, a text that tells less, and noise.</summary>
    private static Dataset Table(bool isClassification, bool missing)
    {
        var random = new Random(21);
        var text = new StringBuilder("size,colour,noise,y\n");
        for (var row = 0; row < 300; row++)
        {
            var (size, colour) = (random.Next(100), random.Next(3));
            var y = size + (20 * colour) + random.Next(10);
            var shown = missing && row % 10 == 0 ? "" : $"{size}";
            var target = isClassification ? $"class{Math.Min(y / 47, 2)}" : $"{y}.5";
            text.Append(null, $"{shown},{Colours[colour]},{random.Next(100)},{target}\n");
        }
        return DatasetReader.Read("t.csv", new MemoryStream(Encoding.UTF8.GetBytes(text.ToString())), new TableOptions
        {
            Missing = missing ? MissingValues.Native : MissingValues.Refuse,
            Task = isClassification ? TableTask.Classification : TableTask.Regression,
        });
    }

    private static Model Read(string json) => ModelReader.Read(Encoding.UTF8.GetBytes(json));
}
