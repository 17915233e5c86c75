using IrisOperator.Testing;

namespace IrisOperator.TrainerImage.Tests.Publishing;

/// <summary>Who follows a series takes its highest version, so that is the model that was published last.</summary>
public sealed class NewestModelTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task a_model_that_was_published_before_another_is_the_newest_again()
    {
        await using var registry = await RegistryWithBase.StartAsync();
        TestModels.Write(_folder.Combine("first"));
        TestModels.Write(_folder.Combine("second"), weight: 3);
        var first = await Publisher.RunAsync(registry.Arguments(_folder.Combine("first")));
        await Publisher.RunAsync(registry.Arguments(_folder.Combine("second")));

        var again = await Publisher.RunAsync(registry.Arguments(_folder.Combine("first")));
        var third = await Publisher.RunAsync(registry.Arguments(_folder.Combine("first")));

        // One image, two versions: whoever follows the series goes back to it.
        Assert.Equal(("Published", "1.0.2", first["digest"]), (again["outcome"], again["version"], again["digest"]));
        Assert.Equal(("Unchanged", "1.0.2", first["digest"]), (third["outcome"], third["version"], third["digest"]));
        Assert.Equal(["1.0.0", "1.0.1", "1.0.2"], await registry.TagsAsync());
    }

    [Fact]
    public async Task a_rebase_is_for_the_newest_model_only()
    {
        await using var registry = await RegistryWithBase.StartAsync();
        var model = TestModels.Write(_folder.Combine("first"));
        TestModels.Write(_folder.Combine("second"), weight: 3);
        Task<CommandRun> RebaseAsync(string folder) => Publisher.RunAsync(registry.Arguments(_folder.Combine(folder), more: ["--rebase"]));

        var nothing = await RebaseAsync("first");
        await Publisher.RunAsync(registry.Arguments(_folder.Combine("first")));
        var same = await RebaseAsync("first");
        var patched = await registry.PushBaseAsync("1.0.1");
        var rebased = await RebaseAsync("first");
        await Publisher.RunAsync(registry.Arguments(_folder.Combine("second")));
        await registry.PushBaseAsync("1.0.2");
        var overtaken = await RebaseAsync("first");

        Assert.Equal(
            (0, "Skipped", $"{registry.Iris} has no version of 1.0, so there is none to rebase"),
            (nothing.ExitCode, nothing["outcome"], nothing["message"]));
        Assert.Equal(("Unchanged", "1.0.0"), (same["outcome"], same["version"]));
        Assert.Equal(
            ("Published", "1.0.1", model, patched.ToString()),
            (rebased["outcome"], rebased["version"], rebased["modelDigest"], rebased["baseDigest"]));
        Assert.Equal((0, "Skipped"), (overtaken.ExitCode, overtaken["outcome"]));
        Assert.Equal($"the newest version {registry.Iris}:1.0.2 is not this model's, so it stays as it is", overtaken["message"]);
        Assert.Equal(["1.0.0", "1.0.1", "1.0.2"], await registry.TagsAsync());
    }
}
