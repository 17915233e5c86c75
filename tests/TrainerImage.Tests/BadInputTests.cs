using System.IO.Compression;
using System.Text;
using IrisOperator.Testing;

namespace IrisOperator.TrainerImage.Tests;

/// <summary>Every way to use the program wrongly ends with exit code 2, one error in the log and the same in the report.</summary>
public sealed class BadInputTests : IDisposable
{
    private const string Good = "a,b,y\n1,2,p\n2,3,q\n3,1,p\n4,4,q\n5,2,p\n6,1,q\n";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>CSV content (null: no file), options, reason, message; IN stands for the input folder.</summary>
    public static TheoryData<string?, string, string, string> BadInputs => new()
    {
        { null, "", "InvalidDataset", "IN: no *.csv file; the folder has no files" },
        { Good, "--file other.csv", "InvalidDataset", "other.csv: no such file in IN; the files there are t.csv" },
        { Good, "--file ../t.csv", "InvalidArgument", "--file ../t.csv: is not inside IN" },
        { "", "", "InvalidDataset", "t.csv: the file is empty" },
        { "a,b,y\n", "", "InvalidDataset", "t.csv: a header, but no rows" },
        { "a,b,y\n1,2,p\n1,q\n", "", "InvalidDataset", "t.csv line 3: expected 3 fields, found 2" },
        { "a,b,y\n1,2,p\n1,abc,q\n", "", "InvalidDataset", "t.csv line 3, column \"b\": expected a number, found \"abc\"" },
        { "a,b,y\n1,2,p\n1,,q\n", "", "InvalidDataset", "t.csv line 3, column \"b\": the value is missing" },
        { "a,b,y\n1,2,p\n1,inf,q\n", "", "InvalidDataset", "t.csv line 3, column \"b\": expected a number, found \"inf\"" },
        { "a,a,y\n1,2,p\n", "", "InvalidDataset", "t.csv line 1: column name \"a\" occurs twice (columns 1 and 2)" },
        { "a,b,y\n1,2,p\n3,4,p\n", "", "InvalidDataset", "t.csv, column \"y\": one class only (\"p\"), at least 2 are needed" },
        { "a,b,y\n1,2,p\n3,4,p\n5,6,q\n", "", "InvalidDataset", "t.csv, column \"y\": class \"q\" has 1 row, at least 2 are needed" },
        { Good, "--target Species", "InvalidDataset", "t.csv: no column \"Species\"; the columns are a, b, y" },
        { Good, "--folds 100", "InvalidArgument", "folds: 100 is more than the 6 rows of t.csv" },
        { Good, "--folds 4", "InvalidArgument", "folds: 4 is more than the 3 rows of class \"p\" in t.csv; each fold needs one" },
        { Good, "--folds 1", "InvalidArgument", "folds: expected at least 2, found 1" },
        { Good, "--folds two", "InvalidArgument", "--folds: expected a whole number, found \"two\"" },
        { Good, "--seed -1", "InvalidArgument", "seed: expected at least 0, found -1" },
        {
            Good, "--holdout-column a --holdout-order b", "InvalidArgument",
            "expected --holdout-column or --holdout-order, found both"
        },
        { Good, "--holdout 1.5", "InvalidArgument", "holdout: expected a share above 0 and below 1, found 1.5" },
        { Good, "--refit maybe", "InvalidArgument", "--refit: expected true or false, found \"maybe\"" },
        {
            Good, "--algorithm catboost", "InvalidParameter",
            "no algorithm \"catboost\"; there are xgboost, svm, lightgbm, random-forest, logistic-regression, "
            + "linear-regression"
        },
        {
            Good, "--param depth=3", "InvalidParameter",
            "algorithm xgboost has no parameter \"depth\"; "
            + "it knows rounds, maxDepth, learningRate, minChildWeight, subsample, columnSample, lambda, treeMethod, maxBins, "
            + "earlyStoppingRounds, validationShare, threads, classWeight"
        },
        {
            Good, "--param rounds=many", "InvalidParameter",
            "parameter \"rounds\": expected a whole number from 1 to 10000, found \"many\""
        },
        { Good, "--param rounds", "InvalidArgument", "--param: expected KEY=VALUE, found \"rounds\"" },
        { Good, "--param rounds=1 --param rounds=2", "InvalidArgument", "--param: rounds is given twice" },
        {
            Good, "--require auc=1", "InvalidArgument",
            "required auc=1: no metric \"auc\"; there are accuracy, macroF1, logLoss, rocAuc, rmse, mae, r2"
        },
        { Good, "--require accuracy=95", "InvalidArgument", "required accuracy=95: expected a number from 0 to 1, found \"95\"" },
        { Good, "--exclude z", "InvalidDataset", "t.csv: no column \"z\"; the columns are a, b, y" },
        { Good, "--missing drop", "InvalidArgument", "--missing: expected Refuse, DropRows, Impute, Native, found \"drop\"" },
        {
            Good, "--delimiter ab", "InvalidArgument",
            "--delimiter: expected the word tab, or one character that is neither letter, digit, quote, point nor sign, found \"ab\""
        },
        { Good, "--decimal x", "InvalidArgument", "--decimal: expected point or comma, found \"x\"" },
        {
            Good, "--encoding x", "InvalidArgument",
            "encoding: no encoding \"x\"; known are utf-8, utf-16, windows-1252, iso-8859-15 and others"
        },
        { Good, "--column a --column b", "InvalidDataset", "t.csv line 1: 3 columns, but 2 names are given for them" },
        { Good, "--frobnicate", "InvalidArgument", "unknown option --frobnicate; see train --help" },
        { Good, "--seed", "InvalidArgument", "--seed: N is missing" },
        { Good, "--seed 1 --seed 2", "InvalidArgument", "--seed: given twice" },
        { Good, "--param", "InvalidArgument", "--param: KEY=VALUE is missing" },
        { Good, "--log-level loud", "InvalidArgument", "--log-level: expected debug, info, warning or error, found \"loud\"" },
        { Good, "--log-format xml", "InvalidArgument", "--log-format: expected json or text, found \"xml\"" },
        { Good, "@none", "InvalidArgument", "expected <input> and <output>, found 3 such arguments; see train --help" },
        { Good, "third", "InvalidArgument", "expected <input> and <output>, found 3 such arguments; see train --help" },
    };

    [Theory]
    [MemberData(nameof(BadInputs))]
    public async Task bad_input_is_named_and_not_worth_a_retry(string? csv, string options, string reason, string message)
    {
        var input = Directory.CreateDirectory(_folder.Combine("in")).FullName;
        if (csv is not null)
        {
            await File.WriteAllTextAsync(Path.Combine(input, "t.csv"), csv, TestContext.Current.CancellationToken);
        }
        var reportPath = _folder.Combine("report");
        message = message.Replace("IN", input, StringComparison.Ordinal);

        var run = await TrainProcess.RunAsync(
            [input, _folder.Combine("out"), "--report", reportPath, .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        Assert.Equal($"{message}\n", run.Errors);
        Assert.Equal(2, run.ExitCode);
        Assert.Equal("Failed", (string?)run.Report["outcome"]);
        Assert.Equal(reason, (string?)run.Report["reason"]);
        Assert.Equal(message, (string?)run.Report["message"]);
        Assert.False((bool?)run.Report["retriable"]);
        var written = await File.ReadAllTextAsync(reportPath, TestContext.Current.CancellationToken);
        Assert.Equal(run.Report.ToJsonString(), System.Text.Json.Nodes.JsonNode.Parse(written)!.ToJsonString());
        Assert.False(Directory.Exists(_folder.Combine("out")));
    }

    [Fact]
    public async Task a_table_of_50_megabytes_is_read_in_little_more_memory_than_its_numbers_take()
    {
        var table = _folder.Combine("big.csv");
        var numbers = string.Concat(Enumerable.Range(1, 10).Select(i => $"0.12345678901234567{i},"));
        await File.WriteAllTextAsync(table, "a,b,c,d,e,f,g,h,i,j,y\n", TestContext.Current.CancellationToken);
        var rows = string.Concat(Enumerable.Repeat($"{numbers}p\n{numbers}q\n", 1000));
        await File.AppendAllLinesAsync(table, Enumerable.Repeat(rows.TrimEnd(), 125), TestContext.Current.CancellationToken);
        Assert.InRange(new FileInfo(table).Length, 50_000_000, 60_000_000);

        // The parameter is looked at after the table. 2.5 million numbers take 20 MB; before, they took the file's 50 and their own
        // three times.
        var run = await TrainProcess.RunAsync(
            [table, _folder.Combine("out"), "--param", "rounds=0"],
            new Dictionary<string, string> { ["DOTNET_GCHeapHardLimit"] = "0x5000000" });

        Assert.Equal((2, "InvalidParameter"), (run.ExitCode, (string?)run.Report["reason"]));
    }

    [Fact]
    public async Task a_quote_that_is_never_closed_takes_no_memory_of_the_rest_of_the_file()
    {
        var table = _folder.Combine("big.csv");
        await File.WriteAllTextAsync(table, "a,b,y\n1,2,p\n1,2,\"q\n", TestContext.Current.CancellationToken);
        await File.AppendAllLinesAsync(table, Enumerable.Repeat("0.5,1.5,p", 2_500_000), TestContext.Current.CancellationToken);

        var run = await TrainProcess.RunAsync(
            [table, _folder.Combine("out")], new Dictionary<string, string> { ["DOTNET_GCHeapHardLimit"] = "0x6000000" });

        Assert.Equal("big.csv line 3: longer than 1048576 characters; is a quote never closed?\n", run.Errors);
    }

    [Fact]
    public async Task a_packed_table_that_is_cut_off_is_not_learned_from()
    {
        var bytes = new MemoryStream();
        await using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(Good), TestContext.Current.CancellationToken);
        }
        await File.WriteAllBytesAsync(_folder.Combine("t.csv.gz"), bytes.ToArray()[..^4], TestContext.Current.CancellationToken);

        var run = await TrainProcess.RunAsync([_folder.Path, _folder.Combine("out")]);

        Assert.Equal("t.csv.gz: packed by gzip, and damaged or cut off (Found truncated data while decoding)\n", run.Errors);
    }

    [Fact]
    public async Task bad_input_leaves_the_model_that_was_there()
    {
        var digest = ModelFixtures.WriteIris(_folder.Combine("out"));
        await File.WriteAllTextAsync(_folder.Combine("t.csv"), "", TestContext.Current.CancellationToken);

        var run = await TrainProcess.RunAsync([_folder.Path, _folder.Combine("out")]);

        Assert.Equal(2, run.ExitCode);
        Assert.Equal(digest, Learning.ModelFolder.Read(_folder.Combine("out")).ModelDigest);
    }

    [Fact]
    public async Task a_message_too_long_for_the_kubelet_is_shortened_between_characters()
    {
        var columns = string.Join(',', Enumerable.Range(0, 900).Select(c => $"größe🌸{c}"));
        await File.WriteAllTextAsync(_folder.Combine("t.csv"), $"{columns}\n", TestContext.Current.CancellationToken);
        var reportPath = _folder.Combine("report");

        var run = await TrainProcess.RunAsync([_folder.Path, _folder.Combine("out"), "--target", "x", "--report", reportPath]);

        var bytes = await File.ReadAllBytesAsync(reportPath, TestContext.Current.CancellationToken);
        Assert.InRange(bytes.Length, 4050, 4096);
        var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        Assert.EndsWith("…", (string?)System.Text.Json.Nodes.JsonNode.Parse(text)!["message"], StringComparison.Ordinal);
        Assert.Equal(2, run.ExitCode);
    }
}
