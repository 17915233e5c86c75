using IrisOperator.EndToEnd.Tests.Harness;

namespace IrisOperator.EndToEnd.Tests.Stories;

/// <summary>
/// Something is lost in the middle of a training or of a rollout. The end is compared as a whole with the end of a namespace
/// that was left in peace, and so is the number of runs that were started.
/// </summary>
[Collection(SerialStories.Name)]
public sealed class DisturbanceTests(Cluster cluster, Undisturbed undisturbed) : Story(cluster, "disturbed"), IClassFixture<Undisturbed>
{
    private readonly Operator _operator = new(cluster);

    [Theory]
    [InlineData("training pod")]
    [InlineData("job")]
    [InlineData("operator")]
    [InlineData("operator, killed")]
    public async Task losing_it_in_the_middle_of_a_training_ends_as_an_undisturbed_run(string lost)
    {
        var expected = await undisturbed.GetAsync(Cluster);
        await Undisturbed.StartFirstRunAsync(Space);
        await Eventually.TrueAsync("a running training pod", TimeSpan.FromSeconds(40), async cancellation =>
            (await Space.ListAsync(Resource.Pods, cancellation)).Any(pod => pod.Text("status/phase") == "Running"));

        await LoseAsync(lost);

        await Undisturbed.FinishFirstRunAsync(Space);
        await Undisturbed.RunAgainAsync(Space);
        await Undisturbed.SettleAsync(Space);
        await AssertSameEndAsync(expected);
    }

    [Theory]
    [InlineData("model pod")]
    [InlineData("deployment")]
    [InlineData("deployment, orphaned")]
    [InlineData("service")]
    [InlineData("operator")]
    [InlineData("operator, killed")]
    public async Task losing_it_in_the_middle_of_a_rollout_ends_as_an_undisturbed_run(string lost)
    {
        var expected = await undisturbed.GetAsync(Cluster);
        await Undisturbed.StartFirstRunAsync(Space);
        await Undisturbed.FinishFirstRunAsync(Space);
        await Undisturbed.RunAgainAsync(Space);
        await Space.WaitAsync(Resource.Deployments, "iris", "a rollout going on", TimeSpan.FromSeconds(60), found =>
            found.Number("metadata/generation") > 1 && found.Number("status/replicas") > found.Number("status/updatedReplicas"));

        await LoseAsync(lost);

        await Undisturbed.SettleAsync(Space);
        await AssertSameEndAsync(expected);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (TestContext.Current.TestState?.Result is not TestResult.Skipped)
        {
            await _operator.WaitUntilWholeAsync();
        }
    }

    private async Task LoseAsync(string lost)
    {
        string[] arguments = lost switch
        {
            "training pod" => ["delete", "pods", "--selector=iris-operator.dev/training=iris", "--force", "--grace-period=0"],
            "job" => ["delete", "jobs", "--selector=iris-operator.dev/training=iris", "--wait=false"],
            "model pod" => ["delete", "pods", "--selector=iris-operator.dev/model=iris", "--force", "--grace-period=0"],
            "deployment" => ["delete", "deployment", "iris", "--wait=false"],
            "deployment, orphaned" => ["delete", "deployment", "iris", "--cascade=orphan"],
            "service" => ["delete", "service", "iris", "--wait=false"],
            _ => [],
        };
        switch (lost)
        {
            case "operator":
                await Kubectl.RunAsync(
                    "delete", "pods", "--namespace", Cluster.OperatorNamespace, "--selector=app.kubernetes.io/name=iris-operator", "--wait=false");
                break;
            case "operator, killed":
                foreach (var pod in await _operator.PodsAsync(Cancellation))
                {
                    PodProcess.Find(Cluster, pod).Die();
                }

                break;
            default:
                await Space.KubectlAsync(arguments);
                break;
        }
    }

    private async Task AssertSameEndAsync(string expected)
    {
        Assert.Equal(expected, await EndState.CaptureAsync(Space));
        Assert.True(Flower.IsAnswer((await (await Space.AddressAsync("iris")).PostAsync(Flower.Question)).Body));
    }
}
