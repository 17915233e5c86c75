using IrisOperator.EndToEnd.Tests.Harness;

namespace IrisOperator.EndToEnd.Tests.Stories;

/// <summary>Both replicas of the operator go at once: asked to, or killed.</summary>
[Collection(SerialStories.Name)]
public sealed class OperatorLossTests(Cluster cluster, Undisturbed undisturbed) : LossStory(cluster, undisturbed)
{
    private readonly Operator _operator = new(cluster);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task losing_the_operator_in_the_middle_of_a_training_ends_as_an_undisturbed_run(bool killed) =>
        LoseInTrainingAsync(() => LoseAsync(killed));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task losing_the_operator_in_the_middle_of_a_rollout_ends_as_an_undisturbed_run(bool killed) =>
        LoseInRolloutAsync(() => LoseAsync(killed));

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (TestContext.Current.TestState?.Result is not TestResult.Skipped)
        {
            await _operator.WaitUntilWholeAsync();
        }
    }

    private async Task LoseAsync(bool killed)
    {
        if (!killed)
        {
            await Kubectl.RunAsync(
                "delete", "pods", "--namespace", Cluster.OperatorNamespace,
                "--selector=app.kubernetes.io/name=iris-operator", "--wait=false");
            return;
        }

        foreach (var pod in await _operator.PodsAsync(Cancellation))
        {
            PodProcess.Find(Cluster, pod).Die();
        }
    }
}
