using IrisOperator.EndToEnd.Tests.Harness;

namespace IrisOperator.EndToEnd.Tests.Stories;

/// <summary>
/// Something is lost in the middle of a training or of a rollout. The end is compared as a whole with the end of a namespace
/// that was left in peace, and so is the number of runs that were started.
/// </summary>
public abstract class LossStory(Cluster cluster, Undisturbed undisturbed) : Story(cluster, "disturbed")
{
    protected async Task LoseInTrainingAsync(Func<Task> loseAsync)
    {
        var expected = await undisturbed.GetAsync(Cluster);
        await Undisturbed.StartFirstRunAsync(Space);
        await Space.WaitUntilTrainingAsync();

        await loseAsync();

        await Undisturbed.FinishFirstRunAsync(Space);
        await Undisturbed.RunAgainAsync(Space);
        await AssertSameEndAsync(expected);
    }

    protected async Task LoseInRolloutAsync(Func<Task> loseAsync)
    {
        var expected = await undisturbed.GetAsync(Cluster);
        await Undisturbed.StartFirstRunAsync(Space);
        await Undisturbed.FinishFirstRunAsync(Space);
        await Undisturbed.RunAgainAsync(Space);
        await Space.WaitAsync(Resource.Deployments, "iris", "a rollout going on", TimeSpan.FromSeconds(60), found =>
            found.Number("metadata/generation") > 1 && found.Number("status/replicas") > found.Number("status/updatedReplicas"));

        await loseAsync();

        await AssertSameEndAsync(expected);
    }

    private async Task AssertSameEndAsync(string expected)
    {
        await Undisturbed.SettleAsync(Space);
        Assert.Equal(expected, await EndState.CaptureAsync(Space));
        Assert.True(Flower.IsAnswer((await (await Space.AddressAsync("iris")).PostAsync(Flower.Question)).Body));
    }
}
