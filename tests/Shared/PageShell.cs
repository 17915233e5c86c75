using System.Diagnostics;
using System.Text.RegularExpressions;

namespace IrisOperator.Testing;

/// <summary>A bash for the commands of the pages, in a folder of its own.</summary>
public sealed partial class PageShell : IDisposable
{
    private readonly TempFolder _folder = new();

    public string Folder => _folder.Path;

    /// <summary>Beside those of the tests.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    public void Dispose() => _folder.Dispose();

    /// <summary>The blocks of a page that are for <paramref name="owner"/> to run.</summary>
    /// <param name="owner"><c>run</c>, or <c>by FILE</c>.</param>
    /// <param name="resources">True takes the YAML between them, too.</param>
    public static IReadOnlyList<string> Blocks(string page, string owner, bool resources = false)
    {
        string[] wanted = resources ? [$"console {owner}", "yaml"] : [$"console {owner}"];
        var blocks = Block().Matches(File.ReadAllText(Path.Combine(Repository.Root, page)))
            .Where(match => wanted.Contains(match.Groups["kind"].Value))
            .Select(match => match.Groups["text"].Value);
        return [.. blocks];
    }

    /// <summary>Each command with what the page prints below it.</summary>
    public static IEnumerable<(string Command, string Printed)> Commands(string block) =>
        CommandLine().Matches(block).Select(match => (match.Groups["command"].Value, match.Groups["printed"].Value));

    /// <returns>Standard output.</returns>
    public async Task<string> RunAsync(string command, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", command])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in Environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        using var killed = cancellationToken.Register(() => process.Kill(entireProcessTree: true));
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException($"{command}: exit code {process.ExitCode}: {await output}{await errors}");
    }

    [GeneratedRegex(@"^```(?<kind>[^\n]+)\n(?<text>[^`]*?)```", RegexOptions.Multiline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^\$ (?<command>(?:.*\\\n|.*<<'END'\n(?:(?!END\n).*\n)*)*.*)\n?(?<printed>(?:(?!\$ ).*\n?)*)", RegexOptions.Multiline)]
    private static partial Regex CommandLine();
}
