using System.Text.Json.Nodes;
using IrisOperator.Learning;
using IrisOperator.Testing;

namespace IrisOperator.TrainerImage.Tests;

public sealed class TrainTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public TrainTests() => NativeLibraries.Require();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("xgboost")]
    [InlineData("svm")]
    public async Task iris_becomes_a_model_that_answers(string algorithm)
    {
        var run = await TrainProcess.RunAsync([Repository.IrisCsv, _folder.Combine("a", "b"), "--algorithm", algorithm]);

        Assert.Equal("", run.Errors);
        Assert.Equal(0, run.ExitCode);
        var (model, digest) = ModelFolder.Read(_folder.Combine("a", "b"));
        Assert.Equal("versicolor", model.Classes[model.Predict(ModelFixtures.Versicolor)]);
        Assert.Equal(algorithm, model.Algorithm);
        Assert.Equal(10, model.GoldenSamples.Count);
        Assert.Equal(digest, (string?)run.Report["modelDigest"]);
        Assert.True(double.Parse((string)run.Report["metrics"]!["accuracy"]!, System.Globalization.CultureInfo.InvariantCulture) >= 0.92);
    }

    [Fact]
    public async Task the_compact_report_has_the_members_and_order_of_the_contract()
    {
        var reportPath = _folder.Combine("report");

        var run = await TrainProcess.RunAsync([Repository.IrisCsv, _folder.Combine("out"), "--report", reportPath]);

        Assert.Equal(0, run.ExitCode);
        var text = await File.ReadAllTextAsync(reportPath, TestContext.Current.CancellationToken);
        Assert.Equal(text, run.Output.TrimEnd('\n').Split('\n')[^1]);
        var report = JsonNode.Parse(text)!.AsObject();
        Assert.Equal(
            [
                "formatVersion", "outcome", "algorithm", "rows", "features", "classes", "folds", "seed", "datasetDigest", "modelDigest",
                "metrics", "trainer",
            ],
            report.Select(m => m.Key));
        Assert.StartsWith(
            """{"formatVersion":1,"outcome":"Accepted","algorithm":"xgboost","rows":150,"features":4,"classes":3,"folds":5,"seed":42,"d"""
            + """atasetDigest":"sha256:b1b3837538684338d59678c44c37ed560fcc17beedfd76780d88bef0b7389697","modelDigest":"sha256:""",
            text,
            StringComparison.Ordinal);
        Assert.Matches(
            @"""metrics"":\{""accuracy"":""0\.9\d{3}"",""macroF1"":""0\.9\d{3}"",""logLoss"":""0\.\d{4}"",""rocAuc"":""0\.9\d{3}""\}",
            text);
    }

    [Fact]
    public async Task a_regression_reports_its_errors()
    {
        var rows = (await File.ReadAllLinesAsync(Repository.IrisCsv, TestContext.Current.CancellationToken))
            .Select(line => line[..line.LastIndexOf(',')]);
        await File.WriteAllLinesAsync(_folder.Combine("widths.csv"), rows, TestContext.Current.CancellationToken);

        var run = await TrainProcess.RunAsync(
            [_folder.Combine("widths.csv"), _folder.Combine("out"), "--task", "regression", "--require", "r2=0.8"]);

        Assert.Equal((0, "Accepted"), (run.ExitCode, (string?)run.Report["outcome"]));
        Assert.Equal(["rmse", "mae", "r2"], run.Report["metrics"]!.AsObject().Select(metric => metric.Key));
        Assert.True(ModelFolder.Read(_folder.Combine("out")).Model.IsRegression);
    }

    [Fact]
    public async Task a_share_that_is_held_out_judges_in_place_of_folds()
    {
        var run = await TrainProcess.RunAsync([Repository.IrisCsv, _folder.Combine("out"), "--holdout", "0.2"]);

        Assert.Equal(0, run.ExitCode);
        Assert.Null(run.Report["folds"]);
        var text = await File.ReadAllTextAsync(_folder.Combine("out", "report.json"), TestContext.Current.CancellationToken);
        var report = JsonNode.Parse(text)!;
        Assert.Equal((0.2, null), ((double?)report["holdout"], report["folds"]));
        Assert.Equal([10, 10, 10], report["classes"]!.AsArray().Select(c => (int)c!["rows"]!));
        Assert.Equal(30, report["confusionMatrix"]!.AsArray().Sum(row => row!.AsArray().Sum(count => (int)count!)));
    }

    [Theory]
    [InlineData("xgboost")]
    [InlineData("svm")]
    public async Task two_processes_in_other_places_and_cultures_write_the_same_bytes(string algorithm)
    {
        var german = new Dictionary<string, string>
        {
            ["LANG"] = "de_DE.UTF-8",
            ["LC_ALL"] = "de_DE.UTF-8",
            ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "0",
            ["DOTNET_SYSTEM_GLOBALIZATION_PREDEFINED_CULTURES_ONLY"] = "0",
            ["TZ"] = "Asia/Tokyo",
            ["OMP_NUM_THREADS"] = "2",
        };
        File.Copy(Repository.IrisCsv, _folder.Combine("iris.csv"));

        var first = await TrainProcess.RunAsync([Repository.IrisCsv, _folder.Combine("one"), "--algorithm", algorithm]);
        var second = await TrainProcess.RunAsync([_folder.Path, _folder.Combine("two"), "--algorithm", algorithm], german);

        Assert.Equal((0, 0), (first.ExitCode, second.ExitCode));
        foreach (var file in new[] { "model.json", "model.txt", "report.json", "manifest.json" })
        {
            Assert.Equal(
                await File.ReadAllBytesAsync(_folder.Combine("one", file), TestContext.Current.CancellationToken),
                await File.ReadAllBytesAsync(_folder.Combine("two", file), TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task a_rejected_run_exits_0_with_its_model_and_the_reason()
    {
        var run = await TrainProcess.RunAsync([Repository.IrisCsv, _folder.Combine("out"), "--require", "accuracy=0.999"]);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal("Rejected", (string?)run.Report["outcome"]);
        Assert.Matches(@"^accuracy 0\.9\d{3} is below the required 0\.999$", (string?)run.Report["message"]);
        Assert.Equal(ModelFolder.Read(_folder.Combine("out")).ModelDigest, (string?)run.Report["modelDigest"]);
    }

    [Fact]
    public async Task what_was_assumed_of_a_table_is_in_the_log_in_all_reports_and_in_the_text()
    {
        var rows = (await File.ReadAllLinesAsync(Repository.IrisCsv, TestContext.Current.CancellationToken))
            .Select((line, row) => $"{(row == 0 ? "Id" : $"{row}")};{line.Replace(',', ';').Replace('.', ',')}");
        await File.WriteAllLinesAsync(_folder.Combine("iris.csv"), rows, TestContext.Current.CancellationToken);
        string[] assumed =
        [
            "the delimiter of iris.csv is taken to be \";\"", "the decimal sign of iris.csv is taken to be a comma",
            "\"Id\" only counts the rows; exclude it, unless what is to be predicted depends on it",
        ];

        var run = await TrainProcess.RunAsync([_folder.Path, _folder.Combine("out"), "--require", "accuracy=1"]);
        var set = await TrainProcess.RunAsync(
            [_folder.Path, _folder.Combine("set"), "--delimiter", ";", "--decimal", "comma", "--exclude", "Id", "--target", "Species"]);

        var message = (string?)run.Report["message"];
        Assert.EndsWith($" is below the required 1; {string.Join("; ", assumed)}", message, StringComparison.Ordinal);
        Assert.All(assumed, sentence => Assert.Contains(sentence.Replace("\"", "\\u0022"), run.Error, StringComparison.Ordinal));
        var report = await File.ReadAllTextAsync(_folder.Combine("out", "report.json"), TestContext.Current.CancellationToken);
        Assert.Equal(assumed, JsonNode.Parse(report)!["assumptions"]!.AsArray().Select(sentence => (string?)sentence));
        var text = await File.ReadAllTextAsync(_folder.Combine("out", "model.txt"), TestContext.Current.CancellationToken);
        Assert.All(assumed, sentence => Assert.Contains($"assumed: {sentence}\n", text, StringComparison.Ordinal));
        Assert.Null(set.Report["message"]);
        Assert.Equal(4, (int?)set.Report["features"]);
        Assert.DoesNotContain(
            "assum",
            await File.ReadAllTextAsync(_folder.Combine("set", "report.json"), TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task variables_do_what_options_do_and_options_win()
    {
        var environment = new Dictionary<string, string>
        {
            ["IRIS_ALGORITHM"] = "svm",
            ["IRIS_PARAM"] = "c=5, gamma=0.5",
            ["IRIS_SEED"] = "7",
            ["IRIS_REQUIRE"] = "accuracy=0.1,macroF1=0.1",
            ["IRIS_REPORT"] = _folder.Combine("report"),
            ["IRIS_TARGET"] = "",
        };

        var run = await TrainProcess.RunAsync(
            [Repository.IrisCsv, _folder.Combine("out"), "--param", "gamma=0.125", "--seed=8"], environment);

        Assert.Equal("", run.Errors);
        var parameters = ModelFolder.Read(_folder.Combine("out")).Model.Parameters;
        Assert.Equal(("5", "0.125", "8"), (parameters["c"], parameters["gamma"], parameters["seed"]));
        Assert.True(File.Exists(_folder.Combine("report")));
    }

    [Fact]
    public async Task a_second_run_with_other_data_replaces_the_model()
    {
        await TrainProcess.RunAsync([Repository.IrisCsv, _folder.Combine("out")]);
        var first = ModelFolder.Read(_folder.Combine("out")).ModelDigest;

        var run = await TrainProcess.RunAsync([Repository.IrisCsv, _folder.Combine("out"), "--seed", "1"]);

        var second = ModelFolder.Read(_folder.Combine("out")).ModelDigest;
        Assert.NotEqual(first, second);
        Assert.Equal(second, (string?)run.Report["modelDigest"]);
    }

    [Fact]
    public async Task a_signal_ends_the_run_without_a_model_and_with_a_reason()
    {
        // Long enough to be hit: ten thousand rounds, cancellation is looked at in each.
        using var process = TrainProcess.Start(
            [Repository.IrisCsv, _folder.Combine("out"), "--param", "rounds=10000", "--param", "maxDepth=16"]);
        _ = await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken);
        using var kill = System.Diagnostics.Process.Start(
            "kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);

        var run = await TrainProcess.EndAsync(process);

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("Interrupted", (string?)run.Report["reason"]);
        Assert.True((bool?)run.Report["retriable"]);
        Assert.Equal("stopped by a signal before the model was complete\n", run.Errors);
        Assert.False(Directory.Exists(_folder.Combine("out")));
    }

    [Fact]
    public async Task standard_output_is_the_report_alone_and_the_log_goes_to_standard_error()
    {
        // Folders may be called like the sub-commands.
        var run = await TrainProcess.RunAsync([Repository.IrisCsv, _folder.Combine("publish")]);
        var text = await TrainProcess.RunAsync(
            [Repository.IrisCsv, _folder.Combine("prune"), "--log-format", "text", "--log-level", "warning"]);

        Assert.Equal("Accepted", (string?)JsonNode.Parse(run.Output)!["outcome"]);
        var lines = run.Error.TrimEnd('\n').Split('\n').Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal("iris.csv: 150 rows, 4 features, 3 classes of Species", (string?)lines[0]["Message"]);
        Assert.Equal(150, (int?)lines[0]["State"]!["Rows"]);
        Assert.Contains(lines, line => ((string?)line["Message"])!.StartsWith("evaluated: accuracy 0.9", StringComparison.Ordinal));
        Assert.All(lines, line => Assert.Equal("Information", (string?)line["LogLevel"]));
        Assert.Equal((0, ""), (text.ExitCode, text.Error));
    }

    [Fact]
    public async Task help_names_every_option_with_its_default_and_every_parameter()
    {
        var run = await TrainProcess.RunAsync(["--help"]);

        Assert.Equal(0, run.ExitCode);
        string[] expected =
        [
            "--file", "--target", "--feature", "--exclude", "--categorical", "--column", "--missing", "--delimiter",
            "--decimal", "--encoding", "default: Refuse", "--algorithm", "--param", "--folds", "--seed", "--require", "--report",
            "IRIS_FOLDS", "default: 42",
            "IRIS_LOG_LEVEL", "IRIS_LOG_FORMAT", "publish <model folder>", "prune", "Exit codes",
            "rounds", "maxDepth", "learningRate", "minChildWeight", "subsample", "columnSample", "lambda", "kernel", "gamma", "degree",
        ];
        Assert.All(expected, word => Assert.Contains(word, run.Output, StringComparison.Ordinal));
        Assert.All(run.Output.Split('\n'), line => Assert.InRange(line.Length, 0, 130));
        Assert.Matches(@"^train \d+\.\d+\.\d+\n$", (await TrainProcess.RunAsync(["--version"])).Output);
    }
}
