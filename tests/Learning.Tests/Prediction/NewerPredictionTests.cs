using System.Text;
using System.Text.Json.Nodes;
using IrisOperator.Learning.Format;
using IrisOperator.Testing;

namespace IrisOperator.Learning.Tests.Prediction;

/// <summary>Encodings, missing values, links and linear models, against numbers worked out by hand.</summary>
public sealed class NewerPredictionTests
{
    private const double Missing = double.NaN;

    [Theory]
    [InlineData(1, 0, 20, 1)]
    [InlineData(1, 1, 20, 3)]
    [InlineData(1, -1, 20, 1)]
    [InlineData(1, Missing, 20, 1)]
    [InlineData(4, 1, 9, -0.5)]
    [InlineData(1, 1, 10, 3)]
    [InlineData(1, 1, Missing, -1)]
    [InlineData(Missing, 0, Missing, -2.5)]
    public void categories_and_missing_values_go_where_the_model_says(double size, double colour, double weight, double margin)
    {
        var model = Read(NewerFixtures.MixedJson());
        var (raw, encoded) = (new double[2], new double[2]);

        model.PredictProbabilities([size, colour, weight], raw);
        model.PredictRows([double.IsNaN(size) ? 5 : size, colour == 0 ? 1 : 0, colour == 1 ? 1 : 0, weight], encoded);

        Assert.Equal(NewerFixtures.Yes(margin), raw[1], 1e-12);
        Assert.Equal(1, raw.Sum(), 1e-12);
        Assert.Equal(raw, encoded);
        Assert.Equal(margin * 2 > -0.5 ? 1 : 0, model.Predict([size, colour, weight]));
    }

    [Fact]
    public void a_model_tells_what_it_takes_and_answers()
    {
        var mixed = Read(NewerFixtures.MixedJson());
        var regression = Read(NewerFixtures.RegressionJson());

        Assert.Equal((false, 2, 4, true), (mixed.IsRegression, mixed.Answers, mixed.Columns, mixed.TakesMissing));
        Assert.Equal((true, 1, 3, false), (regression.IsRegression, regression.Answers, regression.Columns, regression.TakesMissing));
        Assert.Equal(["blue", "red"], mixed.Features[1].Categories!);
        Assert.Null(mixed.Features[0].Categories);
        Assert.Equal([false, false], regression.Features.Select(feature => feature.TakesMissing));
    }

    [Fact]
    public void what_a_model_does_not_take_is_refused()
    {
        var regression = Read(NewerFixtures.RegressionJson());
        var answer = new double[1];

        Assert.Throws<ArgumentException>(() => regression.PredictProbabilities([Missing, 1], answer));
        Assert.Throws<ArgumentException>(() => regression.PredictRows([1, 1, Missing], answer));
        Assert.Throws<ArgumentException>(() => regression.PredictRows([1, 1], answer));
        Assert.Throws<ArgumentException>(() => regression.PredictProbabilities([1, 1], new double[2]));
        Assert.Throws<InvalidOperationException>(() => regression.Predict([1, 1]));
        Assert.Throws<ArgumentException>(() =>
            Read(NewerFixtures.MixedJson()).PredictProbabilities([double.PositiveInfinity, 1, 1], new double[2]));
    }

    [Fact]
    public void imputing_alone_does_not_let_columns_be_missing()
    {
        var model = Read(Edited(NewerFixtures.RegressionJson(), m => m["features"]![0]!["imputed"] = -2));

        Assert.Equal(17, model.Answer([Missing, 1]));
        Assert.Throws<ArgumentException>(() => model.PredictRows([Missing, 0, 1], new double[1]));
    }

    [Fact]
    public void a_threshold_of_double_precision_tells_apart_what_float_does_not()
    {
        var model = Read(Edited(ModelFixtures.IrisJson(), m =>
        {
            m["formatVersion"] = 2;
            m["doubleTrees"] = m["trees"]!.DeepClone();
            m.Remove("trees");
            m["doubleTrees"]!["trees"]![0]!["nodes"]![0]!["threshold"] = 2.4500000001;
        }));
        var (below, at) = (new double[3], new double[3]);

        model.PredictProbabilities([5, 3, 2.45, 1], below);
        model.PredictProbabilities([5, 3, 2.4500000001, 1], at);

        // Margins (2, 2, -2) below, where setosa does not yet end, and (-2, 2, -2) at the threshold.
        Assert.Equal(1 / (2 + Math.Exp(-4)), below[0], 1e-6);
        Assert.Equal(Math.Exp(-4) / (1 + (2 * Math.Exp(-4))), at[0], 1e-6);
    }

    [Fact]
    public void logistic_margins_are_divided_by_their_sum()
    {
        var model = Read(Edited(ModelFixtures.IrisJson(), m =>
        {
            m["formatVersion"] = 2;
            m["trees"]!["link"] = JsonNode.Parse("""{"kind":"logistic","offsets":[0,1,0]}""");
        }));
        var probabilities = new double[3];

        model.PredictProbabilities(ModelFixtures.Virginica, probabilities);

        // Base score 0.5: margins -1.5, -1.5 and 2.5.
        double[] sigmoids = [.. new[] { -1.5, -0.5, 2.5 }.Select(x => 1 / (1 + Math.Exp(-x)))];
        Assert.Equal(sigmoids.Select(s => s / sigmoids.Sum()), probabilities, (x, y) => Math.Abs(x - y) < 1e-9);
    }

    [Fact]
    public void a_linear_model_standardises_and_takes_the_softmax()
    {
        var probabilities = new double[2];

        Read(LinearClasses()).PredictProbabilities([3, 1], probabilities);

        // x = (3 - 1) / 4 = 0.5, colour red: margins 0.5 * 2 + 1 = 2 and -0.5 + 3 = 2.5.
        Assert.Equal(1 / (1 + Math.Exp(0.5)), probabilities[0], 1e-12);
        Assert.Equal(1, probabilities.Sum(), 1e-12);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("""{"kind":"logistic","slopes":[-1e300,1e300]}""")]
    public void any_finite_input_gives_a_distribution(string? link)
    {
        var model = Read(Edited(LinearClasses(), m => m["linear"]!["link"] = link is null ? null : JsonNode.Parse(link)));
        var random = new Random(3);
        var probabilities = new double[2];
        for (var i = 0; i < 1000; i++)
        {
            var x = (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-300, 309));
            model.PredictProbabilities([x, random.Next(-1, 2)], probabilities);
            Assert.All(probabilities, p => Assert.InRange(p, 0, 1));
            Assert.Equal(1, probabilities.Sum(), 1e-9);
        }
    }

    [Theory]
    [MemberData(nameof(Format.NewerModelTests.Newer), MemberType = typeof(Format.NewerModelTests))]
    public void a_prediction_allocates_nothing(string json)
    {
        var model = Read(json);
        var (row, answers) = (new double[model.Features.Count], new double[model.Answers]);
        model.PredictProbabilities(row, answers);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            model.PredictProbabilities(row, answers);
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static string LinearClasses() => Edited(NewerFixtures.RegressionJson(), m =>
    {
        m["classes"] = new JsonArray("a", "b");
        m["goldenSamples"] = JsonNode.Parse("""[{"data":[0,0],"prediction":0,"probabilities":[1,0]}]""");
        m["linear"] = JsonNode.Parse(
            """{"weights":[[2,0,1],[-1,0,3]],"intercepts":[0,0],"means":[1,0,0],"scales":[4,1,1]}""");
    });

    private static Model Read(string json) => ModelReader.Read(Encoding.UTF8.GetBytes(json));

    private static string Edited(string json, Action<JsonObject> edit)
    {
        var model = JsonNode.Parse(json)!.AsObject();
        edit(model);
        return model.ToJsonString();
    }
}
