using System.Text.Json.Nodes;
using IrisOperator.Learning;
using IrisOperator.Testing;

namespace IrisOperator.TrainerImage.Tests;

/// <summary>Models that people bring, from their file to a folder that a server reads.</summary>
public sealed class ImportTests : IDisposable
{
    private static readonly string Models = Path.Combine(Repository.Root, "tests", "Learning.Tests", "Import", "xgboost");

    private readonly TempFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("iris.json")]
    [InlineData("iris.ubj")]
    public async Task a_model_that_python_trained_becomes_a_folder_that_answers(string file)
    {
        var run = await TrainProcess.RunAsync(["import", Path.Combine(Models, file), _folder.Combine("out"), "--data", Repository.IrisCsv]);

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        var (model, digest) = ModelFolder.Read(_folder.Combine("out"));
        Assert.Equal("setosa", model.Classes[model.Predict([5.1, 3.5, 1.4, 0.2])]);
        Assert.Equal(("xgboost", file), (model.Algorithm, model.Parameters["importedFrom"]));
        Assert.Equal(10, model.GoldenSamples.Count);
        Assert.Equal(digest, (string?)run.Report["modelDigest"]);
        Assert.Equal("Accepted", (string?)run.Report["outcome"]);
        Assert.True(double.Parse((string)run.Report["metrics"]!["accuracy"]!, System.Globalization.CultureInfo.InvariantCulture) >= 0.97);
        var report = JsonNode.Parse(await File.ReadAllTextAsync(_folder.Combine("out", "report.json"), Stop))!;
        Assert.Equal((null, null, null), (report["folds"], report["foldAccuracies"], report["seed"]));
        Assert.Contains("taken in their order", (string)Assert.Single(report["assumptions"]!.AsArray())!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_regression_is_judged_by_its_errors()
    {
        var answers = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Models, "diabetes.answers.json"), Stop))!;
        var lines = answers["rows"]!.AsArray().Select((row, i) => $"{string.Join(',', row!.AsArray())},{answers["answers"]![i]}");
        await File.WriteAllLinesAsync(_folder.Combine("diabetes.csv"), lines.Prepend("a,b,c,d,e,f,g,h,i,j,y"), Stop);
        File.Copy(Path.Combine(Models, "diabetes.ubj"), _folder.Combine("model.ubj"));

        var run = await ImportAsync("model.ubj", _folder.Combine("diabetes.csv"));

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(("0.0000", "1.0000"), ((string?)run.Report["metrics"]!["mae"], (string?)run.Report["metrics"]!["r2"]));
    }

    [Fact]
    public async Task a_table_with_the_names_of_the_model_may_have_its_columns_in_another_order()
    {
        var json = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Models, "iris.json"), Stop))!;
        json["learner"]!["feature_names"] = new JsonArray("Sepal_Length", "Sepal_Width", "Petal_Length", "Petal_Width");
        await File.WriteAllTextAsync(_folder.Combine("model.json"), json.ToJsonString(), Stop);
        var turned = (await File.ReadAllLinesAsync(Repository.IrisCsv, Stop))
            .Select(line => line.Split(',')).Select(cells => $"{cells[3]},{cells[2]},more,{cells[1]},{cells[0]},{cells[4]}");
        await File.WriteAllLinesAsync(_folder.Combine("turned.csv"), turned, Stop);

        var straight = await ImportAsync("model.json", Repository.IrisCsv);
        var other = await ImportAsync("model.json", _folder.Combine("turned.csv"));

        Assert.Equal((0, 0), (straight.ExitCode, other.ExitCode));
        Assert.Null(straight.Report["message"]);
        Assert.Equal((string?)straight.Report["modelDigest"], (string?)other.Report["modelDigest"]);
    }

    [Fact]
    public async Task a_table_that_does_not_fit_the_model_is_refused()
    {
        File.Copy(Path.Combine(Models, "iris.json"), _folder.Combine("model.json"));
        await File.WriteAllTextAsync(_folder.Combine("narrow.csv"), "a,y\n1,x\n2,x\n3,y\n4,y\n5,z\n6,z\n", Stop);
        await File.WriteAllTextAsync(_folder.Combine("two.csv"), "a,b,c,d,y\n1,1,1,1,x\n1,1,1,1,x\n1,1,1,1,y\n1,1,1,1,y\n", Stop);

        await AssertRefusedAsync(
            "model.json", _folder.Combine("narrow.csv"), "model.json takes 4 numbers, and narrow.csv has 1 features (a)");
        await AssertRefusedAsync(
            "model.json", _folder.Combine("two.csv"), "model.json tells 3 classes apart, and column y of two.csv has 2: x, y");
        await AssertRefusedAsync("missing.json", Repository.IrisCsv, $"{_folder.Combine("missing.json")}: no such file or folder");
    }

    [Theory]
    [InlineData("80049500", "a Python pickle or joblib file, which is a program and not a model; export it where it was trained: ")]
    [InlineData("504b0304", "a zip file, such as Microsoft.ML saves; save it as ONNX: ConvertToOnnx of Microsoft.ML")]
    [InlineData("62696e66", "XGBoost's old binary format; model.save_model(\"model.json\")")]
    [InlineData("0807120a", "not as ONNX has a model: ")]
    [InlineData("00", "neither XGBoost's JSON or UBJSON, nor LightGBM's text, nor an ONNX graph; export it where it was trained: ")]
    [InlineData("", "neither XGBoost's JSON or UBJSON, nor LightGBM's text, nor an ONNX graph; ")]
    [InlineData("7b7d", "not as XGBoost writes a model: ")]
    [InlineData("7b4c", "not as XGBoost writes a model: the file ends in the middle of a value")]
    [InlineData("747265650a", "not as LightGBM writes a model: no line max_feature_idx=")]
    public async Task what_cannot_be_imported_is_named_as_what_it_is(string bytes, string message)
    {
        await File.WriteAllBytesAsync(_folder.Combine("model"), Convert.FromHexString(bytes), Stop);

        await AssertRefusedAsync("model", Repository.IrisCsv, $"model: {message}");
    }

    private async Task AssertRefusedAsync(string file, string data, string message)
    {
        var run = await ImportAsync(file, data);

        Assert.Equal(2, run.ExitCode);
        Assert.Equal("InvalidModel", (string?)run.Report["reason"]);
        Assert.StartsWith(message, (string?)run.Report["message"], StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.Combine("out")));
    }

    private Task<TrainProcess> ImportAsync(string file, string data) =>
        TrainProcess.RunAsync(["import", _folder.Combine(file), _folder.Combine("out"), "--data", data]);
}
