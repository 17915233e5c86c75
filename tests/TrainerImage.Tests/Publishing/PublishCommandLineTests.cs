using System.CommandLine;
using IrisOperator.Testing;
using IrisOperator.TrainerImage.Publishing;

namespace IrisOperator.TrainerImage.Tests.Publishing;

public sealed class PublishCommandLineTests
{
    private const string Needed = "model --repository r.example/iris --series 1.0 --base r.example/base:1.2.3";

    [Fact]
    public void options_and_variables_are_read()
    {
        var options = Read(
            "model --repository=r.example/iris --series 1.0 --base r.example/base --annotation a=b --annotation c=d=e "
            + "--registry a.example --registry b.example:5000 --insecure-registry b.example:5000 "
            + "--token-service auth.example --retry-timeout 5",
            name => name == "IRIS_BASE_VERSION" ? "1.x" : null);

        Assert.Equal(("model", "r.example/iris", "1.0"), (options.Folder, $"{options.Repository}", $"{options.Series}"));
        Assert.Equal("1.x", $"{options.Base.Range}");
        Assert.Equal([("a", "b"), ("c", "d=e")], options.Annotations.Select(pair => (pair.Key, pair.Value)));
        Assert.Equal(
            [("b.example:5000", true), ("a.example", false)],
            options.Access.Registries.Registries.Select(one => ($"{one.Host}", one.PlainHttp)));
        Assert.Equal(["auth.example"], options.Access.Registries.TokenServices.Select(one => $"{one.Host}"));
        Assert.Equal(TimeSpan.FromSeconds(5), options.Access.RetryTimeout);
        Assert.False(options.Rebase);
        Assert.False(options.Access.Registries.OnlyNamedRegistries);
        Assert.True(Read(Needed + " --only-named-registries").Access.Registries.OnlyNamedRegistries);
        Assert.True(Read(Needed + " --rebase --retry-timeout 1").Rebase);
        Assert.True(Read("--rebase " + Needed).Rebase);
        Assert.False(Read(Needed + " --rebase=false").Rebase);
        Assert.True(Read(Needed, name => name == "IRIS_REBASE" ? "true" : null).Rebase);
        Assert.Equal(TimeSpan.FromMinutes(10), Read(Needed).Access.RetryTimeout);

        static PublishOptions Read(string arguments, Func<string, string?>? environment = null) =>
            PublishOptions.Read(Given.Of(PublishOptions.All, arguments, environment));
    }

    [Theory]
    [InlineData("", "expected <model folder>, found 0 such arguments; to train on a folder called publish, write ./publish")]
    [InlineData("a b", "expected <model folder>, found 2 such arguments; to train on a folder called publish, write ./publish")]
    [InlineData("model", "--repository REPO is missing; see train publish --help")]
    [InlineData("model --repository r.example/iris", "--series MAJOR.MINOR is missing; see train publish --help")]
    [InlineData(
        "model --repository iris --series 1.0",
        "--repository: \"iris\" names no registry: expected host/path, such as registry.example/iris or docker.io/library/nginx")]
    [InlineData(
        "model --repository r.example/iris --series 1", "--series: \"1\" is no series of versions: expected major.minor, such as 1.0")]
    [InlineData(
        "model --repository r.example/iris --series 1.0 --base r.example/base",
        "--base: \"r.example/base\" names no version: expected :tag or @sha256:… after the repository, or --base-version")]
    [InlineData(
        "model --repository r.example/iris --series 1.0 --base r.example/base:latest",
        "--base: \"latest\" moves, and nobody could tell what a model was published on: name a version")]
    [InlineData(Needed + " --seed 1", "unknown option --seed; see train publish --help")]
    [InlineData(Needed + " --series 2.0", "--series: given twice")]
    [InlineData(Needed + " --annotation x", "--annotation: expected KEY=VALUE, found \"x\"")]
    [InlineData(
        Needed + " --annotation iris-operator.dev/seed=1", "--annotation: iris-operator.dev/seed is what this program writes itself")]
    [InlineData(
        Needed + " --registry https://r.example",
        "--registry: \"https://r.example\" is no registry: expected host or host:port, such as registry.example:5000")]
    [InlineData(Needed + " --registry-ca /none/ca.crt", "--registry-ca: there is no file /none/ca.crt")]
    [InlineData(Needed + " --retry-timeout -1", "--retry-timeout: expected 0 to 86400, found -1")]
    [InlineData(Needed + " --rebase=maybe", "--rebase: expected true or false, found \"maybe\"")]
    [InlineData(Needed + " --retry-timeout soon", "--retry-timeout: expected a whole number, found \"soon\"")]
    public async Task a_wrong_command_line_is_named_and_not_worth_a_retry(string arguments, string message)
    {
        var run = await Publisher.RunAsync(Words(arguments));

        Assert.Equal(2, run.ExitCode);
        Assert.Equal($"{message}\n", run.Errors);
        Assert.Equal(("Failed", "InvalidArgument", message), (run["outcome"], run["reason"], run["message"]));
        Assert.False((bool?)run.Report["retriable"]);
    }

    [Fact]
    public async Task the_program_has_both_commands_and_the_report_goes_where_a_training_s_goes()
    {
        using var folder = new TempFolder();

        var publish = await TrainProcess.RunAsync(["publish", "none", "--report", folder.Combine("report")]);
        var train = await TrainProcess.RunAsync(["./publish", folder.Combine("out")]);

        Assert.Equal(publish.Output, await File.ReadAllTextAsync(folder.Combine("report"), TestContext.Current.CancellationToken) + "\n");
        Assert.Equal((2, "--repository REPO is missing; see train publish --help"), (publish.ExitCode, (string?)publish.Report["message"]));
        Assert.Equal((2, "./publish: no such file or folder"), (train.ExitCode, (string?)train.Report["message"]));
    }

    [Fact]
    public async Task help_names_every_option()
    {
        var run = await Publisher.RunAsync(["--help"]);

        Assert.Equal(0, run.ExitCode);
        var options = PublishOptions.All.Concat(CommandOption.OfAll);
        Assert.All(options, option => Assert.Contains(Shown(option), run.Output, StringComparison.Ordinal));
        Assert.All(run.Output.Split('\n'), line => Assert.InRange(line.Length, 0, 140));
    }

    [Fact]
    public void a_message_too_long_for_the_kubelet_is_shortened()
    {
        var report = new StepReport { Outcome = Outcome.Failed, Message = string.Concat(Enumerable.Repeat("größe🌸", 1000)) };

        Assert.InRange(report.ToJson().Length, 4085, 4096);
    }

    private static string Shown(Option option) =>
        $"  {option.Name} {(option.HelpName is { } value ? $"<{value}>" : "")}".TrimEnd() + " ";

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
