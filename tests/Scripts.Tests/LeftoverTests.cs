namespace IrisOperator.Scripts.Tests;

/// <summary>Whatever a target of the Makefile starts on this machine is gone when it ends, or when the cluster is down.</summary>
[Collection(nameof(Machine))]
public sealed class LeftoverTests : IAsyncDisposable
{
    /// <summary>Everything that starts something, at its smallest size.</summary>
    private static readonly string[][] _targets =
    [
        ["install"],
        ["demo"],
        ["bench-latency", "ROUNDS=1", "INSTALL=no", "MEASURES=deployment model"],
        ["bench-rollout", "ROUNDS=1", "INSTALL=no"],
        ["bench-serving", "ROUNDS=1", "SECONDS_PER_RUN=1"],
        ["bench-publish", "ROUNDS=1", "BASE_MB=1"],
        ["bench-training", "RUNS=1", "PARTS=iris"],
        ["bench-operator", "ROUNDS=1", "OBJECTS=5"],
    ];

    private bool _ours;

    [Fact]
    public async Task no_target_leaves_a_process_mount_link_chain_control_group_or_port()
    {
        var before = await Machine.LookAsync();
        _ours = !await RunsAsync();
        await LeavesNothingAsync(["cluster-up"], mayChangeTheMachine: true);
        foreach (var target in _targets)
        {
            await LeavesNothingAsync(target);
        }

        if (_ours)
        {
            await LeavesNothingAsync(["cluster-down"], mayChangeTheMachine: true);
            Assert.Equal(before.All, (await Machine.LookAsync()).All);
        }
    }

    /// <summary>Also after a failure; a cluster that somebody else had brought up stays.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_ours)
        {
            await Script.RunAsync(["hack/cluster/down"]);
        }
    }

    private static async Task LeavesNothingAsync(string[] target, bool mayChangeTheMachine = false)
    {
        var before = await Machine.LookAsync();
        var mark = Guid.NewGuid().ToString();
        using var script = Script.Start(["make", "--silent", .. target], (Machine.Mark, mark));

        // Who is left behind keeps the output open, so this alone would never end.
        var began = TimeProvider.System.GetTimestamp();
        var (exitCode, output, errors) = await script.EndAsync(TimeSpan.FromMinutes(10));

        var name = string.Join(' ', target);
        TestContext.Current.TestOutputHelper!.WriteLine($"{name}: {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0} s");
        // The figures of so small a run mean nothing: a floor that is missed is no failure here.
        Assert.True(
            exitCode == 0 || output.Contains("MISSED", StringComparison.Ordinal),
            $"{name} ended with {exitCode}\n{output}\n{errors}");
        Assert.True(Machine.Marked(mark) is [], $"{name} left behind: {string.Join(", ", Machine.Marked(mark))}");
        if (!mayChangeTheMachine)
        {
            Assert.Equal(before.BesideTheCluster, (await Machine.LookAsync()).BesideTheCluster);
        }
    }

    private static async Task<bool> RunsAsync()
    {
        using var script = Script.Start(["hack/cluster/is-up"]);
        return (await script.EndAsync()).ExitCode == 0;
    }
}
