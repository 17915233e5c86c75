using IrisOperator.Testing;

namespace IrisOperator.TrainerImage.Tests.Publishing;

/// <summary>What is refused before a registry is asked: there is none here.</summary>
public sealed class PublishRefusalTests : IDisposable
{
    private const string BaseByDigest = "named.example/base@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    private readonly TempFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task a_run_that_was_not_accepted_is_not_published()
    {
        var model = TestModels.Write(_folder.Combine("model"), outcome: "Rejected");

        var run = await PublishAsync();

        Assert.Equal((0, "Skipped", model), (run.ExitCode, run["outcome"], run["modelDigest"]));
        Assert.Equal("the run was Rejected: accuracy 0.9 is below the required 0.95", run["message"]);
    }

    [Theory]
    [InlineData("model.json", " ", "model.json: expected ")]
    [InlineData("report.json", " ", "report.json: expected ")]
    [InlineData("manifest.json", "x", "manifest.json: ")]
    [InlineData("model.json", null, "model.json: no such file in ")]
    [InlineData("manifest.json", null, "manifest.json: no such file in ")]
    public async Task a_folder_that_was_touched_is_refused_before_anything_is_sent(string file, string? added, string message)
    {
        TestModels.Write(_folder.Combine("model"));
        var path = _folder.Combine("model", file);
        if (added is null)
        {
            File.Delete(path);
        }
        else
        {
            await File.AppendAllTextAsync(path, added, Stop);
        }

        var run = await PublishAsync();

        Assert.Equal((2, "ModelNotVerified"), (run.ExitCode, run["reason"]));
        Assert.StartsWith(message, run["message"], StringComparison.Ordinal);
        Assert.Equal($"{run["message"]}\n", run.Errors);
    }

    [Theory]
    [InlineData("other.example/iris", "registry.example/base:1.0.0", "registry.example/base")]
    [InlineData("named.example/iris", "other.example/base:1.0.0", "other.example/base")]
    [InlineData("other.example/iris", BaseByDigest, "other.example/iris")]
    public async Task nothing_is_published_at_or_taken_from_a_registry_that_is_not_named(
        string repository, string baseImage, string refused)
    {
        TestModels.Write(_folder.Combine("model"));

        var run = await Publisher.RunAsync(
        [
            _folder.Combine("model"), "--repository", repository, "--series", "1.0", "--base", baseImage,
            "--registry", "named.example", "--only-named-registries",
        ]);

        Assert.Equal((2, "RegistryRefusedAddress"), (run.ExitCode, run["reason"]));
        Assert.Equal(
            $"{refused.Split('/')[0]} is not among the registries that are named, and only those may be used; "
            + "the administrator has to add it",
            run["message"]);
        Assert.False((bool?)run.Report["retriable"]);
    }

    [Fact]
    public async Task a_model_that_answers_otherwise_than_recorded_is_refused()
    {
        TestModels.Write(_folder.Combine("model"), edit: _ => ModelFixtures.IrisJson(2, [0.1, 0.2, 0.7]));

        var run = await PublishAsync();

        Assert.Equal((2, "ModelNotVerified"), (run.ExitCode, run["reason"]));
        Assert.StartsWith("golden sample 1 of 3: ", run["message"], StringComparison.Ordinal);
    }

    private Task<CommandRun> PublishAsync() => Publisher.RunAsync(
    [
        _folder.Combine("model"), "--repository", "registry.invalid/iris", "--series", "1.0", "--base", "registry.invalid/base:1.0.0",
    ]);
}
