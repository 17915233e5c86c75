using IrisOperator.Testing;

namespace IrisOperator.Images.Tests;

/// <summary>Each program, started in its image alone as its user, without a network.</summary>
public sealed class ProgramTests(BuiltImages images)
{
    [Fact]
    public async Task trainer_trains_on_the_sample_with_both_algorithms()
    {
        foreach (var algorithm in new[] { "xgboost", "svm" })
        {
            var (exitCode, output, errors) = await RunAsync(
                "iris-trainer", "/tmp/in", "/tmp/out", "--algorithm", algorithm, "--require", "accuracy=0.92");

            Assert.True(exitCode == 0, errors);
            Assert.Contains("accepted", output + errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task operator_tells_its_usage()
    {
        var (exitCode, output, errors) = await RunAsync("iris-operator", "--help");

        Assert.True(exitCode == 0, errors);
        Assert.Contains("--leader-elect", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task server_without_a_model_says_what_it_needs()
    {
        var (exitCode, _, errors) = await RunAsync("iris-serving");

        Assert.Equal(2, exitCode);
        Assert.Contains("IRIS_MODEL_DIR", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_second_build_gives_the_same_digests()
    {
        using var folder = new TempFolder();
        await BuiltImages.BuildAsync(folder.Path);

        foreach (var (name, _, _) in BuiltImages.All)
        {
            var first = await images.GetAsync(name);
            Assert.Equal(first.Digest, new Image(folder.Combine(name)).Digest);
            Assert.Equal(
                await images.SbomAsync(name),
                await File.ReadAllTextAsync(folder.Combine($"{name}.spdx.json"), TestContext.Current.CancellationToken));
        }
    }

    private async Task<(int ExitCode, string Output, string Errors)> RunAsync(string name, params string[] arguments)
    {
        Tool.Require(("unshare", "util-linux"), ("chroot", "coreutils"), ("skopeo", "skopeo"), ("jq", "jq"));
        var image = await images.GetAsync(name);
        using var folder = new TempFolder();
        await Container.UnpackAsync(image, folder.Combine("root"));
        return await Container.RunAsync(image, folder.Combine("root"), arguments);
    }
}
