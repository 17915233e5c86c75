using IrisOperator.Learning;
using IrisOperator.Testing;

namespace IrisOperator.TrainerImage.Tests;

/// <summary>What trainers of other people leave in a folder, from there to a folder that a server reads.</summary>
public sealed class PackageTests : IDisposable
{
    private static readonly string Models = Path.Combine(Repository.Root, "tests", "Learning.Tests", "Import", "xgboost");

    private readonly TempFolder _folder = new();

    public PackageTests() => Directory.CreateDirectory(_folder.Combine("trained"));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task a_model_beside_other_files_is_judged_and_kept()
    {
        File.Copy(Path.Combine(Models, "iris.json"), Trained("model.json"));
        await File.WriteAllTextAsync(Trained("notes.txt"), "a note", Stop);
        await File.WriteAllTextAsync(Trained("metrics.json"), """{"accuracy": 0.5}""", Stop);

        var run = await PackageAsync();

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Equal(("Accepted", null), ((string?)run.Report["outcome"], run.Report["servable"]));
        Assert.Contains("nothing is held out", (string?)run.Report["message"], StringComparison.Ordinal);
        Assert.NotEqual("0.5000", (string?)run.Report["metrics"]!["accuracy"]);
        var (model, digest) = ModelFolder.Read(_folder.Combine("out"));
        Assert.Equal("setosa", model.Classes[model.Predict([5.1, 3.5, 1.4, 0.2])]);
        Assert.Equal(digest, (string?)run.Report["modelDigest"]);
        Assert.Equal(
            await File.ReadAllBytesAsync(Path.Combine(Models, "iris.json"), Stop),
            await File.ReadAllBytesAsync(_folder.Combine("out", "trained", "model.json"), Stop));
    }

    [Fact]
    public async Task rows_that_are_held_out_judge_it()
    {
        File.Copy(Path.Combine(Models, "iris.ubj"), Trained("model.ubj"));

        var run = await PackageAsync("--holdout", "0.2", "--require", "accuracy=0.5");

        Assert.Equal(("Accepted", 30), ((string?)run.Report["outcome"], (int)run.Report["rows"]!));
        Assert.DoesNotContain("nothing is held out", (string?)run.Report["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task names_of_classes_put_them_into_the_order_of_the_table()
    {
        File.Copy(Path.Combine(Models, "iris.json"), Trained("model.json"));
        await File.WriteAllTextAsync(Trained("classes.json"), """["virginica", "versicolor", "setosa"]""", Stop);

        var run = await PackageAsync();

        Assert.Equal(0, run.ExitCode);
        var model = ModelFolder.Read(_folder.Combine("out")).Model;
        Assert.Equal("virginica", model.Classes[model.Predict([5.1, 3.5, 1.4, 0.2])]);
    }

    [Fact]
    public async Task a_pickle_is_kept_and_told_and_the_metrics_of_its_trainer_pass_the_gate()
    {
        await File.WriteAllBytesAsync(Trained("model.pkl"), [0x80, 4, 0x95, 0], Stop);
        await File.WriteAllTextAsync(Trained("metrics.json"), """{"accuracy": 0.97}""", Stop);

        var run = await PackageAsync("--require", "accuracy=0.95");

        Assert.Equal((0, "Accepted", false), (run.ExitCode, (string?)run.Report["outcome"], (bool?)run.Report["servable"]));
        Assert.Equal("0.9700", (string?)run.Report["metrics"]!["accuracy"]);
        Assert.StartsWith("it cannot be served: model.pkl: a Python pickle", (string?)run.Report["message"], StringComparison.Ordinal);
        Assert.True(File.Exists(_folder.Combine("out", "trained", "model.pkl")));
        Assert.False(ModelFolder.Exists(_folder.Combine("out")));

        run = await PackageAsync("--require", "accuracy=0.98");

        Assert.Equal((0, "Rejected"), (run.ExitCode, (string?)run.Report["outcome"]));
    }

    [Fact]
    public async Task a_model_folder_of_ours_is_taken_over_as_it_is()
    {
        var trained = await TrainProcess.RunAsync([Repository.IrisCsv, _folder.Combine("trained"), "--algorithm", "svm"]);

        var run = await PackageAsync("--require", "accuracy=0.9");

        Assert.Equal("Accepted", (string?)run.Report["outcome"]);
        Assert.Equal((string?)trained.Report["modelDigest"], ModelFolder.Read(_folder.Combine("out")).ModelDigest);
        Assert.Equal((string?)trained.Report["metrics"]!["accuracy"], (string?)run.Report["metrics"]!["accuracy"]);
    }

    [Fact]
    public async Task nothing_two_models_and_damaged_files_end_in_a_sentence()
    {
        await FailsAsync("left no file");

        await File.WriteAllTextAsync(Trained("classes.json"), "{", Stop);
        File.Copy(Path.Combine(Models, "iris.json"), Trained("model.json"));
        await FailsAsync("classes.json: expected an array of names");

        await File.WriteAllTextAsync(Trained("classes.json"), """["a", "b"]""", Stop);
        await FailsAsync("classes.json names 2 classes, and model.json tells 3 apart");

        File.Delete(Trained("classes.json"));
        File.Copy(Path.Combine(Models, "iris.ubj"), Trained("other.ubj"));
        await FailsAsync("2 models, model.json, other.ubj: expected one");

        async Task FailsAsync(string message)
        {
            var run = await PackageAsync();
            Assert.Equal((2, "InvalidModel"), (run.ExitCode, (string?)run.Report["reason"]));
            Assert.Contains(message, (string?)run.Report["message"], StringComparison.Ordinal);
            Assert.False(ModelFolder.Exists(_folder.Combine("out")));
        }
    }

    private string Trained(string file) => _folder.Combine("trained", file);

    private Task<TrainProcess> PackageAsync(params string[] options) => TrainProcess.RunAsync(
        ["package", _folder.Combine("trained"), _folder.Combine("out"), "--data", Repository.IrisCsv, .. options]);
}
