using System.Globalization;

namespace IrisOperator.Scripts.Tests;

/// <summary>What programs can leave behind on this machine. Tests that look at it run one after the other.</summary>
[CollectionDefinition(nameof(Machine))]
public sealed class Machine
{
    /// <summary>The variable that tells the processes of a script, wherever they went: each inherits it.</summary>
    public const string Mark = "IRIS_TEST_MARK";

    // Ports that the kernel hands out come and go with any program of the machine.
    private const string Things = """
        sed 's/^/mount /' /proc/self/mountinfo
        ip -o link | awk -F': ' '{ print "link", $2 }'
        { iptables-save; ip6tables-save; } 2>/dev/null | sed -n 's/^[:-]/chain &/p' || true
        find /sys/fs/cgroup -type d 2>/dev/null | sed 's/^/control group /' || true
        ss -Hltnu | awk -v most="$(cut -f 1 /proc/sys/net/ipv4/ip_local_port_range)" \
            '{ n = split($5, parts, ":"); if (parts[n] < most) print "port", $1, $5 }'
        """;

    private Machine(string things) =>
        All = [.. things.Split('\n', StringSplitOptions.RemoveEmptyEntries).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>One line a thing.</summary>
    public IReadOnlyList<string> All { get; }

    /// <summary>Without what the pods of a running cluster change all the time.</summary>
    public IReadOnlyList<string> BesideTheCluster => [.. All.Where(thing => !thing.Contains("/iris-operator", StringComparison.Ordinal))];

    public static async Task<Machine> LookAsync() => new(await Script.BashAsync($". hack/lib/common.sh\n{Things}"));

    /// <summary>The command lines of the processes with the mark that live.</summary>
    public static IReadOnlyList<string> Marked(string mark) =>
    [
        .. Directory.EnumerateDirectories("/proc")
            .Where(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out _))
            .Where(folder => Read(folder, "environ").Contains($"{Mark}={mark}", StringComparison.Ordinal))
            .Select(folder => $"{Path.GetFileName(folder)} {Read(folder, "cmdline").Replace('\0', ' ')}"),
    ];

    private static string Read(string folder, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";   // It ended while we looked, or is the container's own first process, which nobody may look at.
        }
    }
}
