using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using IrisOperator.Testing;
using IrisOperator.Testing.ControlPlane;

namespace IrisOperator.Chart.Tests;

/// <summary>
/// The commands of the pages' blocks <c>console run</c>, one after the other in a shell, on a real API server. No operator runs here, so
/// the test writes the statuses; what the commands bring about is tested by tests/EndToEnd.Tests.
/// </summary>
public sealed partial class PageCommandsTests(InstalledControlPlane installed) : IClassFixture<InstalledControlPlane>, IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("docs/spec/iristraining.md", "iris.yaml")]
    [InlineData("docs/spec/irismodel.md", "model.yaml")]
    [InlineData("docs/gitops.md", null)]
    [InlineData("README.md", null)]
    public async Task the_commands_of_a_page_succeed(string page, string? manifest)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Repository.Root, page), Stop);
        await PrepareAsync(Path.GetFileNameWithoutExtension(page).ToLowerInvariant());
        if (!text.Contains("create configmap iris-data", StringComparison.Ordinal))
        {
            await ShellAsync($"kubectl apply -k {Path.Combine(Repository.Root, "config", "samples")}");
        }

        foreach (var block in Block().Matches(text).Select(match => match.Groups["text"].Value))
        {
            if (block.StartsWith("apiVersion:", StringComparison.Ordinal))
            {
                await File.WriteAllTextAsync(_folder.Combine(manifest ?? "example.yaml"), block, Stop);
                await ShellAsync($"kubectl apply -f {manifest ?? "example.yaml"}");
                continue;
            }

            foreach (var command in Command().Matches(block).Select(match => match.Groups))
            {
                if (Reads().IsMatch(command["command"].Value))
                {
                    await WriteStatusesAsync();
                }

                var output = await ShellAsync(command["command"].Value);
                Assert.False(string.IsNullOrWhiteSpace(output), $"{page}: nothing came of {command["command"].Value}");
                if (Words(command["printed"].Value) is ["NAME", ..] columns)
                {
                    Assert.Equal(columns, Words(output));
                }
            }
        }
    }

    // What an operator would have written: every field that a page asks for.
    private async Task WriteStatusesAsync()
    {
        await WriteStatusAsync("irt", "iristrainings", """
            {"run":1,"accuracy":"0.9333","retention":{"dryRun":true,"removable":["1.0.0"]},
             "runs":[{"number":1,"state":"Accepted","jobName":"iris-1","inputsHash":"1","metrics":{"accuracy":"0.9333"}}]}
            """);
        await WriteStatusAsync("irm", "irismodels", """
            {"canary":{"version":"1.0.1","reference":"r","digest":"sha256:1"},
             "rejected":[{"digest":"sha256:1","version":"1.0.1","reason":"Unexpected"}],
             "image":{"version":"1.0.0","candidate":{"version":"1.0.1","reason":"Held"},"lineage":{"training":"default/iris"}}}
            """);
    }

    private async Task WriteStatusAsync(string kind, string plural, string status)
    {
        var found = await ShellAsync($"kubectl get {kind}/iris --ignore-not-found -o json");
        if (found.Length == 0)
        {
            return;
        }

        var resource = JsonNode.Parse(found)!;
        resource["status"] = JsonNode.Parse(status);
        resource["status"]!["conditions"] = new JsonArray(new JsonObject
        {
            ["type"] = "Ready",
            ["status"] = "True",
            ["reason"] = "Accepted",
            ["message"] = "as wanted",
            ["lastTransitionTime"] = "2026-01-02T03:04:05Z",
        });
        await File.WriteAllTextAsync(_folder.Combine("status.json"), resource.ToJsonString(), Stop);
        var path = $"/apis/iris-operator.dev/v1alpha1/namespaces/{resource["metadata"]!["namespace"]}/{plural}/iris/status";
        await ShellAsync($"kubectl replace --raw {path} -f status.json");
    }

    private async Task PrepareAsync(string space)
    {
        Assert.SkipWhen(TestControlPlane.Missing is not null, TestControlPlane.Missing ?? "");
        File.Copy(Repository.IrisCsv, _folder.Combine("iris.csv"));
        File.Copy(Repository.IrisCsv, _folder.Combine("flowers.csv"));
        File.Copy(installed.Plane.KubeConfigFile, _folder.Combine("kubeconfig"));
        await ShellAsync($"kubectl create namespace page-{space} && kubectl config set-context --current --namespace=page-{space}");
    }

    private async Task<string> ShellAsync(string command)
    {
        var assets = Environment.GetEnvironmentVariable("KUBEBUILDER_ASSETS");
        var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", command])
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["KUBECONFIG"] = _folder.Combine("kubeconfig");
        start.Environment["PATH"] = $"{assets}:{Environment.GetEnvironmentVariable("PATH")}";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(Stop);
        var errors = process.StandardError.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop);
        Assert.True(process.ExitCode == 0, $"{command}: {await errors}");
        return await output;
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static string[] Words(string text) => text.Split('\n')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex("^kubectl (get|wait) ")]
    private static partial Regex Reads();

    // Examples of whole resources, which are applied, and commands, which are run.
    [GeneratedRegex(@"^```(?:yaml\n(?=apiVersion:)|console run\n)(?<text>[^`]*?)```", RegexOptions.Multiline)]
    private static partial Regex Block();

    // Each command with what the page prints below it.
    [GeneratedRegex(@"^\$ (?<command>(?:.*\\\n)*.*)\n?(?<printed>(?:(?!\$ ).*\n?)*)", RegexOptions.Multiline)]
    private static partial Regex Command();
}
