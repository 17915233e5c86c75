namespace IrisOperator.EndToEnd.Tests.Harness;

/// <summary>A script of the local cluster's node, seen from the machine. It leads a process group of its own.</summary>
public static class NodeProgram
{
    /// <summary>Waits for the leader: after an end the node takes a moment to start the next one.</summary>
    public static Task<string> LeaderAsync(string name) => Eventually.GetAsync(
        $"the node runs {name}",
        TimeSpan.FromSeconds(10),
        async _ => (await FindAsync("--oldest", "--full", $"scripts/{name}")).SingleOrDefault());

    public static async Task<IReadOnlyList<string>> FindAsync(params string[] arguments) =>
        (await Kubectl.TryAsync("pgrep", arguments)).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The whole group stands still, as if cut off between two steps.</summary>
    public static Task StopAsync(string leader) => SignalAsync("STOP", $"-{leader}");

    /// <summary>Kills the leader alone: the rest of its group is the node's to end.</summary>
    public static Task KillAsync(string leader) => SignalAsync("KILL", leader);

    private static Task<ProgramResult> SignalAsync(string signal, string target) => Kubectl.TryAsync("kill", ["-s", signal, "--", target]);
}
