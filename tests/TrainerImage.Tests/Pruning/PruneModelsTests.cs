using IrisOperator.Testing;
using IrisOperator.TrainerImage.Pruning;
using IrisOperator.TrainerImage.Tests.Publishing;

namespace IrisOperator.TrainerImage.Tests.Pruning;

/// <summary>The command that removes model folders of earlier runs, on a real folder.</summary>
public sealed class PruneModelsTests : IDisposable
{
    private readonly TempFolder _claim = new();

    public PruneModelsTests()
    {
        foreach (var (name, weight) in new[] { ("iris-1", 2), ("iris-2", 3), ("iris-3", 4) })
        {
            TestModels.Write(_claim.Combine("iris", name), weight);
        }
    }

    private string[] Left => [.. Directory.EnumerateFileSystemEntries(_claim.Combine("iris")).Select(Path.GetFileName).Order()!];

    public void Dispose() => _claim.Dispose();

    [Fact]
    public async Task models_of_earlier_runs_are_removed_but_for_those_that_are_used()
    {
        var dry = await RunAsync("--keep", "iris-3", "--keep", "gone", "--dry-run");
        var before = Left;
        var run = await RunAsync("--keep", "iris-3", "--keep", "gone");

        Assert.Equal(
            """{"formatVersion":1,"outcome":"DryRun","removable":["iris-1","iris-2"],"removableCount":2,"""
            + "\"inUse\":[\"iris-3\"],\"inUseCount\":1,\"message\":\"2 would be removed, 1 stay in use\"}\n",
            dry.Output);
        Assert.Equal(["iris-1", "iris-2", "iris-3"], before);
        Assert.Equal(
            """{"formatVersion":1,"outcome":"Pruned","removed":["iris-1","iris-2"],"removedCount":2,"inUse":["iris-3"],"inUseCount":1,"""
            + "\"message\":\"2 removed, 1 stay in use\"}\n",
            run.Output);
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Equal(["iris-3"], Left);
    }

    [Fact]
    public async Task what_a_killed_run_left_is_removed()
    {
        File.Delete(_claim.Combine("iris", "iris-1", "manifest.json"));
        File.Move(_claim.Combine("iris", "iris-2", "model.json"), _claim.Combine("iris", "iris-2", ".model.json.0123456789ab.tmp"));

        Assert.Equal(0, (await RunAsync("--keep", "iris-3")).ExitCode);

        Assert.Equal(["iris-3"], Left);
    }

    [Fact]
    public async Task what_is_no_model_folder_stays()
    {
        await File.WriteAllTextAsync(_claim.Combine("iris", "iris-1", "notes.txt"), "mine", TestContext.Current.CancellationToken);
        Directory.CreateDirectory(_claim.Combine("iris", "iris-2", "model.json.d"));
        Directory.CreateDirectory(_claim.Combine("iris", "empty"));
        await File.WriteAllTextAsync(_claim.Combine("iris", "model.json"), "{}", TestContext.Current.CancellationToken);

        var run = await RunAsync("--keep", "iris-3");

        Assert.Equal((0, 0), (run.ExitCode, (int?)run.Report["removedCount"]));
        Assert.Equal(["empty", "iris-1", "iris-2", "iris-3", "model.json"], Left);
    }

    [Fact]
    public async Task symbolic_links_are_neither_followed_nor_removed()
    {
        var other = _claim.Combine("other", "other-1");
        TestModels.Write(other);
        var files = Directory.GetFiles(other).Order().ToArray();
        Directory.CreateSymbolicLink(_claim.Combine("iris", "link"), other);
        Directory.CreateSymbolicLink(_claim.Combine("iris", ".removed-link"), other);
        File.Delete(_claim.Combine("iris", "iris-1", "model.txt"));
        File.CreateSymbolicLink(_claim.Combine("iris", "iris-1", "model.txt"), Path.Combine(other, "model.txt"));
        Directory.CreateSymbolicLink(_claim.Combine("iris-link"), _claim.Combine("iris"));

        var run = await RunAsync("--keep", "iris-3");
        var link = await CommandRun.RunAsync(["prune-models", "--folder", _claim.Combine("iris-link"), "--keep", "none"]);

        Assert.Equal(["iris-2"], run.Report["removed"]!.AsArray().Select(name => (string)name!));
        Assert.Equal([".removed-link", "iris-1", "iris-3", "link"], Left);
        Assert.Equal(files, Directory.GetFiles(other).Order());
        Assert.Equal((2, "InvalidArgument"), (link.ExitCode, link["reason"]));
    }

    [Theory]
    [InlineData("manifest.json", "model.json", "model.txt", "report.json")]
    [InlineData("model.txt")]
    [InlineData]
    public async Task a_removal_that_was_killed_at_any_point_is_ended_by_the_next(params string[] left)
    {
        Directory.Move(_claim.Combine("iris", "iris-1"), _claim.Combine("iris", ".removed-iris-1"));
        var files = Directory.GetFiles(_claim.Combine("iris", ".removed-iris-1"));
        foreach (var file in files.Where(one => !left.Contains(Path.GetFileName(one))))
        {
            File.Delete(file);
        }

        var dry = await RunAsync("--keep", "iris-2", "--keep", "iris-3", "--dry-run");
        Assert.Equal([".removed-iris-1", "iris-2", "iris-3"], Left);
        var run = await RunAsync("--keep", "iris-2", "--keep", "iris-3");

        Assert.Equal((0, 0), (dry.ExitCode, run.ExitCode));
        Assert.Equal(["iris-2", "iris-3"], Left);
    }

    [Theory]
    [InlineData("", "--folder FOLDER is missing; see train prune-models --help")]
    [InlineData("--folder /nowhere --keep a", "--folder: /nowhere is no folder")]
    [InlineData("--folder / ", "--keep NAME is missing; see train prune-models --help")]
    [InlineData("--folder / --keep ../a", "--keep: expected the name of a folder in /, found \"../a\"")]
    [InlineData(
        "a --folder / --keep a", "expected options only, found \"a\"; to train on a folder called prune-models, write ./prune-models")]
    public async Task a_wrong_command_line_is_named_and_nothing_is_removed(string arguments, string message)
    {
        var run = await CommandRun.RunAsync(["prune-models", .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        Assert.Equal((2, "InvalidArgument", message), (run.ExitCode, run["reason"], run["message"]));
    }

    [Fact]
    public async Task help_and_the_page_name_every_option()
    {
        var page = await File.ReadAllTextAsync(
            Path.Combine(Repository.Root, "docs", "spec", "image.md"), TestContext.Current.CancellationToken);
        var run = await CommandRun.RunAsync(["prune-models", "--help"]);

        Assert.All(PruneModelsOptions.All, option => Assert.Contains($"  {option.Name} ", run.Output, StringComparison.Ordinal));
        Assert.All(PruneModelsOptions.All, option => Assert.Contains($"`{option.Name}", page, StringComparison.Ordinal));
        Assert.All(run.Output.Split('\n'), line => Assert.InRange(line.Length, 0, 140));
    }

    private Task<CommandRun> RunAsync(params string[] arguments) =>
        CommandRun.RunAsync(["prune-models", "--folder", _claim.Combine("iris"), .. arguments]);
}
