using System.Text.Json.Nodes;
using IrisOperator.Learning.Format;
using IrisOperator.Testing;
using IrisOperator.Training.Data;

namespace IrisOperator.Learning.Tests.Training;

public sealed class TrainerTests
{
    public TrainerTests() => NativeLibraries.Require();

    [Theory]
    [InlineData("xgboost", 0.93, 0.25)]
    [InlineData("svm", 0.94, 0.25)]
    [InlineData("lightgbm", 0.93, 0.35)]
    [InlineData("random-forest", 0.92, 0.25)]
    [InlineData("logistic-regression", 0.94, 0.25)]
    public void iris_is_learned_by_the_defaults(string algorithm, double accuracy, double loss)
    {
        var result = Train(Samples.Iris(), new TrainingOptions { Algorithm = algorithm });

        Assert.InRange(result.Metrics.Values["accuracy"], accuracy, 1);
        Assert.InRange(result.Metrics.Values["macroF1"], accuracy, 1);
        Assert.InRange(result.Metrics.Values["logLoss"], 0, loss);
        Assert.Null(result.Rejection);
        var model = ModelReader.Read(result.ModelJson);
        Assert.Equal("versicolor", model.Classes[model.Predict([5.7, 2.8, 4.1, 1.3])]);
    }

    [Theory]
    [InlineData("xgboost")]
    [InlineData("svm")]
    public void iris_is_learned_on_the_average_seed_too(string algorithm)
    {
        var accuracies = Enumerable.Range(1, 10)
            .Select(seed => Train(Samples.Iris(), new TrainingOptions { Algorithm = algorithm, Seed = seed }).Metrics.Values["accuracy"]);

        Assert.InRange(accuracies.Average(), 0.94, 1);
    }

    [Theory]
    [InlineData("xgboost", "")]
    [InlineData("xgboost", "subsample=0.5,columnSample=0.5")]
    [InlineData("svm", "")]
    [InlineData("lightgbm", "subsample=0.5,columnSample=0.5")]
    [InlineData("random-forest", "trees=20")]
    [InlineData("logistic-regression", "")]
    public void the_same_seed_gives_the_same_bytes_and_another_seed_does_not(string algorithm, string parameters)
    {
        var options = new TrainingOptions { Algorithm = algorithm, Parameters = Parameters(parameters) };

        var first = Train(Samples.Iris(), options);
        var second = Train(Samples.Iris(), options);
        var other = Train(Samples.Iris(), options with { Seed = 43 });

        Assert.Equal(first.ModelJson, second.ModelJson);
        Assert.Equal(first.ModelText, second.ModelText);
        Assert.Equal(first.ReportJson, second.ReportJson);
        Assert.NotEqual(first.ModelDigest, other.ModelDigest);
    }

    [Theory]
    [InlineData("svm")]
    [InlineData("xgboost")]
    [InlineData("lightgbm")]
    [InlineData("random-forest")]
    [InlineData("logistic-regression")]
    public async Task trainings_side_by_side_do_not_disturb_each_other(string algorithm)
    {
        // LIBSVM draws from rand(), which the whole process shares.
        var alone = Train(Samples.Iris(), new TrainingOptions { Algorithm = algorithm }).ModelDigest;

        var together = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ =>
            Task.Run(() => Train(Samples.Iris(), new TrainingOptions { Algorithm = algorithm }).ModelDigest)));

        Assert.All(together, digest => Assert.Equal(alone, digest));
    }

    [Theory]
    [InlineData("xgboost", "", 2, 30, 3)]
    [InlineData("xgboost", "maxDepth=8,learningRate=0.9,lambda=0,minChildWeight=0", 5, 40, 4)]
    [InlineData("xgboost", "rounds=3", 40, 6, 2)]
    [InlineData("xgboost", "classWeight=balanced", 3, 40, 2)]
    [InlineData("svm", "", 2, 30, 3)]
    [InlineData("svm", "kernel=linear,c=10", 5, 40, 4)]
    [InlineData("svm", "kernel=polynomial,degree=2", 4, 30, 3)]
    [InlineData("svm", "gamma=5", 12, 6, 2)]
    [InlineData("lightgbm", "", 2, 60, 3)]
    [InlineData("lightgbm", "leaves=200,minLeafRows=1,minChildWeight=0.001,learningRate=0.9,lambda=0,classWeight=balanced", 5, 40, 4)]
    [InlineData("lightgbm", "rounds=300,subsample=0.3,columnSample=0.5,minLeafRows=2", 4, 40, 4)]
    [InlineData("lightgbm", "rounds=3,maxDepth=2", 40, 6, 2)]
    [InlineData("random-forest", "", 2, 30, 3)]
    [InlineData("random-forest", "trees=30,leaves=250,minLeafRows=1,classWeight=balanced", 5, 40, 4)]
    [InlineData("random-forest", "trees=5", 12, 6, 2)]
    [InlineData("logistic-regression", "", 2, 30, 3)]
    [InlineData("logistic-regression", "l1=0,l2=0,iterations=200", 5, 40, 4)]
    [InlineData("logistic-regression", "classWeight=balanced", 12, 6, 2)]
    public void the_managed_predictor_agrees_with_the_library_on_every_row(
        string algorithm, string parameters, int classes, int rowsPerClass, int features)
    {
        // Train itself throws PredictorMismatchException on any row of any fold; here that is held against data of many shapes.
        var dataset = Samples.Clouds(classes, rowsPerClass, features);

        var result = Train(dataset, new TrainingOptions { Algorithm = algorithm, Parameters = Parameters(parameters), Folds = 3 });

        Assert.Equal(classes, ModelReader.Read(result.ModelJson).Classes.Count);
    }

    [Theory]
    [InlineData("xgboost")]
    [InlineData("svm")]
    [InlineData("lightgbm")]
    [InlineData("random-forest")]
    [InlineData("logistic-regression")]
    public void a_constant_column_and_large_numbers_do_no_harm(string algorithm)
    {
        var iris = Samples.Iris();
        var lines = Enumerable.Range(0, iris.Rows.Count).Select(row => string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"0.1,{iris.Rows.Row(row)[2] * 1e20:R},{iris.Rows.Row(row)[3] * 1e-20:R},{iris.Classes[iris.Rows.Labels[row]]}"));

        var result = Train(
            Samples.Csv($"constant,large,small,y\n{string.Join('\n', lines)}"), new TrainingOptions { Algorithm = algorithm });

        Assert.InRange(result.Metrics.Values["accuracy"], 0.9, 1);
    }

    [Theory]
    [InlineData(3, 10)]
    [InlineData(12, 12)]
    public void golden_samples_are_rows_of_the_file_with_every_class(int classes, int expected)
    {
        var dataset = classes == 3 ? Samples.Iris() : Samples.Clouds(classes, 10, 3);

        var model = ModelReader.Read(Train(dataset, new TrainingOptions { Folds = 3 }).ModelJson);

        Assert.Equal(expected, model.GoldenSamples.Count);
        var rows = Enumerable.Range(0, dataset.Rows.Count)
            .Select(row => (Data: dataset.Rows.Row(row).ToArray(), Label: dataset.Rows.Labels[row]))
            .ToArray();
        var labels = model.GoldenSamples.Select(g => rows.First(r => r.Data.AsSpan().SequenceEqual(g.Data.Span)).Label);
        Assert.Equal(Enumerable.Range(0, classes), labels.Distinct().Order());
    }

    [Fact]
    public void a_run_below_a_requirement_is_rejected_with_both_numbers()
    {
        var requirements = new[] { "accuracy=0.99", "macroF1=0.5", "logLoss=0.01" }.Select(Requirement.Parse).ToArray();

        var result = Train(Samples.Iris(), new TrainingOptions { Requirements = requirements });

        Assert.Matches(@"^accuracy 0\.9\d{3} is below the required 0\.99; logLoss 0\.\d{4} is above the required 0\.01$", result.Rejection);
        Assert.Equal("Rejected", (string?)JsonNode.Parse(result.ReportJson)!["outcome"]);
        Assert.NotEmpty(result.ModelJson);
    }

    [Fact]
    public void the_report_tells_how_good_the_model_is_and_what_it_was_made_from()
    {
        var report = JsonNode.Parse(Train(Samples.Iris(), new TrainingOptions { TrainerVersion = "1.2.3" }).ReportJson)!;

        Assert.Equal(Samples.Iris().Digest, (string?)report["dataset"]!["digest"]);
        Assert.Equal(42, (int?)report["seed"]);
        Assert.Equal("1.2.3", (string?)report["versions"]!["trainer"]);
        Assert.StartsWith("xgboost 1.", (string?)report["versions"]!["library"], StringComparison.Ordinal);
        Assert.Equal("100", (string?)report["parameters"]!["rounds"]);
        Assert.Equal(5, report["foldAccuracies"]!.AsArray().Count);
        var confusion = report["confusionMatrix"]!.AsArray().Select(r => r!.AsArray().Sum(c => (int)c!)).ToArray();
        Assert.Equal([50, 50, 50], confusion);
    }

    [Theory]
    [InlineData("xgboost")]
    [InlineData("lightgbm")]
    [InlineData("random-forest")]
    [InlineData("logistic-regression")]
    public void cancellation_ends_the_training(string algorithm)
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        var trainer = new Trainer(Samples.Iris(), new TrainingOptions { Algorithm = algorithm });

        Assert.Throws<OperationCanceledException>(() => trainer.Train(null, cancelled.Token));
    }

    public static TheoryData<string, string, string> WrongParameters => new()
    {
        {
            "catboost", "",
            "no algorithm \"catboost\"; there are xgboost, svm, lightgbm, random-forest, logistic-regression, linear-regression"
        },
        {
            "xgboost", "depth=3",
            "algorithm xgboost has no parameter \"depth\"; "
            + "it knows rounds, maxDepth, learningRate, minChildWeight, subsample, columnSample, lambda, treeMethod, maxBins, "
            + "earlyStoppingRounds, validationShare, threads, classWeight"
        },
        { "svm", "rounds=3", "algorithm svm has no parameter \"rounds\"; it knows kernel, c, gamma, degree" },
        { "xgboost", "rounds=abc", "parameter \"rounds\": expected a whole number from 1 to 10000, found \"abc\"" },
        { "xgboost", "rounds=0", "parameter \"rounds\": expected a whole number from 1 to 10000, found \"0\"" },
        { "xgboost", "maxDepth=17", "parameter \"maxDepth\": expected a whole number from 1 to 16, found \"17\"" },
        { "xgboost", "learningRate=0", "parameter \"learningRate\": expected a number above 0 and up to 1, found \"0\"" },
        { "xgboost", "lambda=-1", "parameter \"lambda\": expected a number from 0 to 1000000, found \"-1\"" },
        { "xgboost", "subsample=NaN", "parameter \"subsample\": expected a number above 0 and up to 1, found \"NaN\"" },
        { "svm", "kernel=sigmoid", "parameter \"kernel\": expected one of rbf, linear, polynomial, found \"sigmoid\"" },
        { "lightgbm", "maxDepth=61", "parameter \"maxDepth\": expected a whole number from 1 to 60, found \"61\"" },
        { "random-forest", "leaves=251", "parameter \"leaves\": expected a whole number from 2 to 250, found \"251\"" },
        { "logistic-regression", "classWeight=1", "parameter \"classWeight\": expected one of none, balanced, found \"1\"" },
        { "svm", "gamma=x", "parameter \"gamma\": expected a number above 0 and up to 1000000, or auto, found \"x\"" },
    };

    [Theory]
    [MemberData(nameof(WrongParameters))]
    public void a_wrong_parameter_is_refused_with_what_is_known(string algorithm, string parameters, string message)
    {
        var options = new TrainingOptions { Algorithm = algorithm, Parameters = Parameters(parameters) };

        var e = Assert.Throws<InputException>(() => new Trainer(Samples.Iris(), options));

        Assert.Equal(message, e.Message);
        Assert.Equal(InputProblem.InvalidParameter, e.Problem);
    }

    [Fact]
    public void one_value_in_two_spellings_gives_one_model()
    {
        var one = Train(Samples.Iris(), new TrainingOptions { Parameters = Parameters("learningRate=0.30,rounds=10") });
        var two = Train(Samples.Iris(), new TrainingOptions { Parameters = Parameters("learningRate=3e-1,rounds=10") });

        Assert.Equal(one.ModelDigest, two.ModelDigest);
    }

    private static TrainingResult Train(Dataset dataset, TrainingOptions options)
    {
        return new Trainer(dataset, options).Train(null, TestContext.Current.CancellationToken);
    }

    private static Dictionary<string, string> Parameters(string text)
    {
        return text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('=')).ToDictionary(p => p[0], p => p[1]);
    }
}
