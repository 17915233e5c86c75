using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace IrisOperator.EndToEnd.Tests.Harness;

/// <summary>The process of a pod's only container, seen from the machine under the local cluster's node.</summary>
public sealed partial class PodProcess
{
    private const int Continue = 18;
    private const int Kill = 9;
    private const int Stop = 19;

    private readonly int _id;

    private PodProcess(int id) => _id = id;

    public static PodProcess Find(Cluster cluster, JsonObject pod)
    {
        cluster.RequireLocal();
        var container = pod.Text("status/containerStatuses/0/containerID")!;
        container = container[(container.LastIndexOf('/') + 1)..];
        return new PodProcess(Directory.EnumerateDirectories("/proc")
            .Select(Path.GetFileName)
            .Where(name => int.TryParse(name, CultureInfo.InvariantCulture, out _)
                && ControlGroups(name!).Contains(container, StringComparison.Ordinal))
            .Select(name => int.Parse(name!, CultureInfo.InvariantCulture))
            .First());
    }

    /// <summary>As a node that hangs: connections stay open and nothing is answered.</summary>
    public void Freeze() => Signal(Stop);

    public void Thaw() => Signal(Continue);

    public void Die() => Signal(Kill);

    private void Signal(int signal) => Assert.True(SendSignal(_id, signal) == 0 || signal == Continue, $"signal {signal} to process {_id}");

    private static string ControlGroups(string process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cgroup");
        }
        catch (IOException)
        {
            return "";   // It ended while we looked.
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}
