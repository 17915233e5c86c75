using IrisOperator.EndToEnd.Tests.Harness;

namespace IrisOperator.EndToEnd.Tests.Stories;

/// <summary>A program of the local cluster's node that ends is started again, so nothing but its log would tell.</summary>
[Collection(SerialStories.Name)]
public sealed class NodeTests(Cluster cluster) : Story(cluster, "node")
{
    // What a program ends with that was asked to end. Two ask it of themselves when the API server closes their watch.
    private const string Terminated = "ended with status 143,";

    // By ProvisionerTests.
    private const string Killed = "provisioner ended with status 137,";

    [Fact]
    public async Task none_of_its_programs_failed()
    {
        Assert.DoesNotContain(await LogAsync(), line =>
            !line.Contains(Terminated, StringComparison.Ordinal) && !line.Contains(Killed, StringComparison.Ordinal));
    }

    [Fact]
    public async Task a_program_that_ends_is_told_and_started_again_and_leaves_nothing_beside_the_next()
    {
        Cluster.RequireLocal();
        var leader = await NodeProgram.LeaderAsync("provisioner");
        await Eventually.TrueAsync("what it starts", TimeSpan.FromSeconds(10), async _ =>
            (await NodeProgram.FindAsync("--pgroup", leader)).Count > 1);
        var before = await LogAsync();

        await Kubectl.TryAsync("kill", ["-TERM", leader]);

        await Eventually.TrueAsync("its end is told", TimeSpan.FromSeconds(10), async _ =>
            (await LogAsync()).Skip(before.Count).Any(line =>
                line.StartsWith($"node: provisioner {Terminated}", StringComparison.Ordinal)));
        // Whoever was killed is seen until it is reaped, which is sooner than the next one starts.
        Assert.NotEqual(leader, await NodeProgram.LeaderAsync("provisioner"));
        Assert.Empty(await NodeProgram.FindAsync("--pgroup", leader));
    }

    private async Task<IReadOnlyList<string>> LogAsync() =>
        await File.ReadAllLinesAsync(Path.Combine(Cluster.RequireLocal(), "log", "node.log"), Cancellation);
}
