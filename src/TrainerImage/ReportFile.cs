namespace IrisOperator.TrainerImage;

/// <summary>Where the compact report goes beside standard output: --report, IRIS_REPORT, or the termination log of a pod.</summary>
internal static class ReportFile
{
    private const string TerminationLog = "/dev/termination-log";

    /// <summary>False, with a line on <paramref name="error"/>, if it is wanted and cannot be written.</summary>
    public static bool Write(
        byte[] json, IReadOnlyList<string> arguments, Func<string, string?> environment, TextWriter error, string program)
    {
        var path = PathFrom(arguments, environment) ?? (File.Exists(TerminationLog) ? TerminationLog : null);
        if (path is null)
        {
            return true;
        }
        try
        {
            File.WriteAllBytes(path, json);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            error.WriteLine($"{program}: cannot write the report to {path}: {e.Message}");
            return false;
        }
    }

    /// <summary>Where the report goes must be known even if all else is wrong; null if nothing says so.</summary>
    private static string? PathFrom(IReadOnlyList<string> arguments, Func<string, string?> environment)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i].StartsWith("--report=", StringComparison.Ordinal))
            {
                return arguments[i]["--report=".Length..];
            }
            if (arguments[i] == OptionDefinition.Report.Name && i + 1 < arguments.Count)
            {
                return arguments[i + 1];
            }
        }
        var variable = environment(OptionDefinition.Report.EnvironmentName);
        return string.IsNullOrEmpty(variable) ? null : variable;
    }
}
