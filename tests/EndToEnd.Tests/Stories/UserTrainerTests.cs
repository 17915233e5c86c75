using IrisOperator.EndToEnd.Tests.Harness;

namespace IrisOperator.EndToEnd.Tests.Stories;

/// <summary>A program with a command of its own trains, and what it leaves is taken over, judged and served.</summary>
public sealed class UserTrainerTests(Cluster cluster) : Story(cluster, "user-trainer")
{
    [Fact]
    public async Task what_a_command_leaves_is_served()
    {
        var image = await ImageAsync();
        await Space.ApplyAsync(Manifests.Training("iris", more:
        [
            "algorithm: {name: svm, parameters: {c: 2}}",
            $"trainer: {{{image}, command: [/app/train], args: [$(IRIS_INPUT), $(IRIS_OUTPUT), --algorithm, $(IRIS_ALGORITHM), "
            + "--param, c=$(IRIS_PARAM_c)]}",
        ]));
        await Space.ApplyAsync(Manifests.Model("iris"));

        var run = (await Space.WaitForRunAsync("iris", 1)).LastRun();

        Assert.Null(run.Text("servable"));
        Assert.Equal(run.Text("modelDigest"), (await Space.WaitUntilReadyAsync(Resource.Models, "iris")).Text("status/modelDigest"));
        await (await Space.AddressAsync("iris")).AskAsync();
    }

    [Fact]
    public async Task a_command_that_fails_or_leaves_nothing_is_told_in_its_own_words()
    {
        var image = await ImageAsync();
        await Space.ApplyAsync(Manifests.Training("fails", more: $"trainer: {{{image}, args: [nowhere, $(IRIS_OUTPUT)]}}"));
        await Space.ApplyAsync(Manifests.Training("idle", more: $"trainer: {{{image}, args: [--help]}}"));

        var failed = (await Space.WaitForRunAsync("fails", 1, "Failed")).LastRun();
        Assert.Equal("InvalidDataset", failed.Text("reason"));
        Assert.Contains("nowhere: no such file or folder", failed.Text("message"), StringComparison.Ordinal);
        var idle = (await Space.WaitForRunAsync("idle", 1, "Failed")).LastRun();
        Assert.Equal("InvalidModel", idle.Text("reason"));
        Assert.Contains("left no file", idle.Text("message"), StringComparison.Ordinal);
    }

    /// <summary>That of the operator's own trainer, as one of a user.</summary>
    private async Task<string> ImageAsync()
    {
        await Space.CreateIrisAsync();
        await Space.ApplyAsync(Manifests.Training("plain"));
        var image = (await Space.WaitForRunAsync("plain", 1)).LastRun().Text("image")!;
        var version = image.Contains('@', StringComparison.Ordinal) ? image.IndexOf('@', StringComparison.Ordinal) : image.LastIndexOf(':');
        return $"image: {{repository: \"{image[..version]}\", version: \"{image[(version + 1)..]}\"}}";
    }
}
