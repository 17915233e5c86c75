using System.Globalization;
using System.Text;

namespace IrisOperator.Kube.Runtime.Diagnostics;

internal static class ProcessMetrics
{
    public static void Print(StringBuilder text)
    {
        Append(text, "process_resident_memory_bytes", "gauge", "Resident memory.", Environment.WorkingSet);
        Append(text, "process_cpu_seconds_total", "counter", "User and system CPU time.", Environment.CpuUsage.TotalTime.TotalSeconds);
        Append(text, "dotnet_gc_heap_bytes", "gauge", "Managed memory, free parts not counted.", GC.GetTotalMemory(false));
    }

    private static void Append(StringBuilder text, string name, string type, string help, double value) =>
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n{name} {value}\n");
}
