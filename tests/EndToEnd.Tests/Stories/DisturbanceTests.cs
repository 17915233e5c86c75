using IrisOperator.EndToEnd.Tests.Harness;

namespace IrisOperator.EndToEnd.Tests.Stories;

/// <summary>What the operator made is taken away.</summary>
public sealed class DisturbanceTests(Cluster cluster, Undisturbed undisturbed) : LossStory(cluster, undisturbed)
{
    private static readonly Dictionary<string, string[]> Lost = new()
    {
        ["training pod"] = ["pods", "--selector=iris-operator.dev/training=iris", "--force", "--grace-period=0"],
        ["job"] = ["jobs", "--selector=iris-operator.dev/training=iris", "--wait=false"],
        ["model pod"] = ["pods", "--selector=iris-operator.dev/model=iris", "--force", "--grace-period=0"],
        ["deployment"] = ["deployment", "iris", "--wait=false"],
        ["deployment, orphaned"] = ["deployment", "iris", "--cascade=orphan"],
        ["service"] = ["service", "iris", "--wait=false"],
    };

    [Theory]
    [InlineData("training pod")]
    [InlineData("job")]
    public Task losing_it_in_the_middle_of_a_training_ends_as_an_undisturbed_run(string lost) =>
        LoseInTrainingAsync(() => DeleteAsync(lost));

    [Theory]
    [InlineData("model pod")]
    [InlineData("deployment")]
    [InlineData("deployment, orphaned")]
    [InlineData("service")]
    public Task losing_it_in_the_middle_of_a_rollout_ends_as_an_undisturbed_run(string lost) => LoseInRolloutAsync(() => DeleteAsync(lost));

    private Task<string> DeleteAsync(string lost) => Space.KubectlAsync(["delete", .. Lost[lost]]);
}
