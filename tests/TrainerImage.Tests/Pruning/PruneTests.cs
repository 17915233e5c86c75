using IrisOperator.Registry;
using IrisOperator.Testing;
using IrisOperator.TrainerImage.Pruning;
using IrisOperator.TrainerImage.Tests.Publishing;

namespace IrisOperator.TrainerImage.Tests.Pruning;

/// <summary>The command that removes old versions, on a registry that people run.</summary>
public sealed class PruneTests : IDisposable
{
    private const string Needed = "--repository r.example/iris --retain 3";
    private readonly TempFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task what_was_published_is_removed_but_for_the_highest_and_what_is_used()
    {
        await using var registry = await RegistryWithBase.StartAsync();
        var digests = await PublishAsync(registry, 5);

        var dry = await Pruner.RunAsync(Arguments(registry, "--retain", "2", "--keep", digests[1]!, "--dry-run"));
        var before = await registry.TagsAsync();
        var run = await Pruner.RunAsync(Arguments(registry, "--retain", "2", "--keep", digests[1]!));

        Assert.Equal(("", 0), (run.Errors, run.ExitCode));
        Assert.Equal(
            $$"""{"formatVersion":1,"outcome":"DryRun","repository":"{{registry.Iris}}","removable":["1.0.0","1.0.2"],"removableCount":2,"""
            + "\"inUse\":[\"1.0.1\"],\"inUseCount\":1,\"message\":\"2 would be removed, 1 older than the 2 highest stay in use\"}",
            dry.Output.TrimEnd('\n').Split('\n')[^1]);
        Assert.Equal(5, before.Count);
        Assert.Equal(
            $$"""{"formatVersion":1,"outcome":"Pruned","repository":"{{registry.Iris}}","removed":["1.0.0","1.0.2"],"removedCount":2,"""
            + "\"inUse\":[\"1.0.1\"],\"inUseCount\":1,\"message\":\"2 removed, 1 older than the 2 highest stay in use\"}",
            run.Output.TrimEnd('\n').Split('\n')[^1]);
        Assert.Equal(["1.0.1", "1.0.3", "1.0.4"], await registry.TagsAsync());
        Assert.Equal(digests[1], (await registry.Client.GetManifestAsync(registry.Iris.With(Tag.Parse("1.0.1")), Stop)).Digest.ToString());

        // The next number is the one after those that there are, and what was removed may come back.
        TestModels.Write(_folder.Combine("0"), weight: 2);
        Assert.Equal("1.0.5", (await Publisher.RunAsync(registry.Arguments(_folder.Combine("0"))))["version"]);
    }

    [Fact]
    public async Task a_registry_that_deletes_nothing_is_told_apart_from_a_failure()
    {
        await using var registry = await RegistryWithBase.StartAsync(deletion: false);
        await PublishAsync(registry, 2);

        var run = await Pruner.RunAsync(Arguments(registry, "--retain", "1"));

        Assert.Equal((2, "Failed", "RegistryRejected"), (run.ExitCode, run["outcome"], run["reason"]));
        Assert.StartsWith($"{registry.Host} removes nothing for this account: DELETE ", run["message"], StringComparison.Ordinal);
        Assert.EndsWith("allow deletion there, or retain all versions", run["message"], StringComparison.Ordinal);
        Assert.Equal($"{run["message"]}\n", run.Errors);
        Assert.Null(run.Report["removed"]);
    }

    [Fact]
    public async Task without_credentials_nothing_is_removed()
    {
        await using var registry = await RegistryWithBase.StartAsync(authentication: true);

        var run = await Pruner.RunAsync(Arguments(registry, "--retain", "1"));

        Assert.Equal((1, "RegistryUnauthorized"), (run.ExitCode, run["reason"]));
    }

    [Fact]
    public async Task nothing_is_removed_at_a_registry_that_is_not_named()
    {
        var run = await Pruner.RunAsync(
            ["--repository", "other.example/iris", "--retain", "1", "--registry", "named.example", "--only-named-registries"]);

        Assert.Equal((2, "RegistryRefusedAddress"), (run.ExitCode, run["reason"]));
        Assert.StartsWith("other.example is not among the registries that are named", run["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_registry_that_is_away_is_waited_for_and_not_for_ever()
    {
        var run = await Pruner.RunAsync(
            ["--repository", "127.0.0.1:9/iris", "--retain", "1", "--insecure-registry", "127.0.0.1:9", "--retry-timeout", "30"],
            new SkippingTimeProvider());

        Assert.Equal((1, "RegistryUnreachable"), (run.ExitCode, run["reason"]));
        Assert.True((bool?)run.Report["retriable"]);
    }

    [Theory]
    [InlineData("", "--repository REPO is missing; see train prune --help")]
    [InlineData("folder " + Needed, "expected options only, found \"folder\"; to train on a folder called prune, write ./prune")]
    [InlineData("--repository r.example/iris", "--retain N is missing; see train prune --help")]
    [InlineData("--repository r.example/iris --retain 0", "--retain: expected 1 to 1000, found 0")]
    [InlineData("--repository r.example/iris --retain 1001", "--retain: expected 1 to 1000, found 1001")]
    [InlineData("--repository r.example/iris --retain all", "--retain: expected a whole number, found \"all\"")]
    [InlineData(
        "--repository r.example/iris:1.0.0 --retain 1",
        "--repository: \"r.example/iris:1.0.0\" is no repository: after the registry, expected lower-case words of letters and digits, "
        + "joined by /, ., _, __ or -, at most 255 characters, without tag or digest")]
    [InlineData(Needed + " --keep sha256:1", "--keep: \"sha256:1\" is no digest: expected sha256: and 64 lower-case hexadecimal digits")]
    [InlineData(Needed + " --series 1.0", "unknown option --series; see train prune --help")]
    public async Task a_wrong_command_line_is_named_and_nothing_is_asked(string arguments, string message)
    {
        var run = await Pruner.RunAsync(Words(arguments));

        Assert.Equal((2, "InvalidArgument", message), (run.ExitCode, run["reason"], run["message"]));
    }

    [Fact]
    public void options_are_read()
    {
        var options = Read(Needed + " --keep 1.x --keep 1.2.3 --dry-run --insecure-registry r.example");

        Assert.Equal(
            ("r.example/iris", 3, true, 60),
            ($"{options.Repository}", options.Retain, options.DryRun, options.Access.RetryTimeout.TotalSeconds));
        Assert.False(Read(Needed).DryRun);

        static PruneOptions Read(string arguments) => PruneOptions.Read(Given.Of(PruneOptions.All, arguments));
    }

    [Fact]
    public async Task the_program_has_the_command_and_a_folder_of_its_name_is_still_trained_on()
    {
        var prune = await TrainProcess.RunAsync(["prune"]);
        var train = await TrainProcess.RunAsync(["./prune", _folder.Combine("out")]);

        Assert.Equal((2, "--repository REPO is missing; see train prune --help"), (prune.ExitCode, (string?)prune.Report["message"]));
        Assert.Equal((2, "./prune: no such file or folder"), (train.ExitCode, (string?)train.Report["message"]));
    }

    [Fact]
    public async Task help_and_the_page_name_every_option()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "spec", "image.md"), Stop);
        var run = await Pruner.RunAsync(["--help"]);

        Assert.Equal(0, run.ExitCode);
        var options = PruneOptions.All.Concat(CommandOption.OfAll);
        Assert.All(options, option => Assert.Contains($"  {option.Name} ", run.Output, StringComparison.Ordinal));
        Assert.All(run.Output.Split('\n'), line => Assert.InRange(line.Length, 0, 140));
        Assert.All(PruneOptions.All.Concat(CommandOption.OfAll), option => Assert.Contains(
            option.HelpName is null ? $"`{option.Name}`" : $"`{option.Name} ", page, StringComparison.Ordinal));
    }

    [Fact]
    public void long_lists_and_messages_fit_what_the_kubelet_takes()
    {
        var versions = Enumerable.Range(0, 5000).Select(i => $"{new string('1', 100)}.0.{i}").ToList();

        var report = new StepReport
        {
            Outcome = "Pruned",
            Removed = ReportWriter.Shown(versions),
            InUse = ReportWriter.Shown(versions),
            Message = new string('x', 9000),
        };

        Assert.InRange(report.ToJson().Length, 3000, 4096);
        Assert.Equal(20, ReportWriter.Shown(Enumerable.Range(0, 5000).Select(i => $"1.0.{i}")).Count);
    }

    private static IEnumerable<string> Arguments(RegistryWithBase registry, params IEnumerable<string> more) =>
        ["--repository", $"{registry.Iris}", "--insecure-registry", $"{registry.Host}", .. more];

    private async Task<IReadOnlyList<string?>> PublishAsync(RegistryWithBase registry, int count)
    {
        var digests = new List<string?>();
        for (var weight = 2; weight < 2 + count; weight++)
        {
            var folder = _folder.Combine($"model-{weight}");
            TestModels.Write(folder, weight);
            digests.Add((await Publisher.RunAsync(registry.Arguments(folder)))["digest"]);
        }

        return digests;
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
