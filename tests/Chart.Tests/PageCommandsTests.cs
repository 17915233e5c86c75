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
    private readonly PageShell _shell = new();

    public void Dispose() => _shell.Dispose();

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

        foreach (var block in PageShell.Blocks(page, "run", resources: true))
        {
            if (block.StartsWith("apiVersion:", StringComparison.Ordinal))
            {
                await WriteAsync(manifest ?? "example.yaml", block);
                await ShellAsync($"kubectl apply -f {manifest ?? "example.yaml"}");
            }

            foreach (var (command, printed) in PageShell.Commands(block))
            {
                if (Reads().IsMatch(command))
                {
                    await WriteStatusesAsync();
                }

                var output = await ShellAsync(command);
                Assert.False(string.IsNullOrWhiteSpace(output), $"{page}: nothing came of {command}");
                if (Words(printed) is ["NAME", ..] columns)
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
        await WriteAsync("status.json", resource.ToJsonString());
        var path = $"/apis/iris-operator.dev/v1alpha1/namespaces/{resource["metadata"]!["namespace"]}/{plural}/iris/status";
        await ShellAsync($"kubectl replace --raw {path} -f status.json");
    }

    private async Task PrepareAsync(string space)
    {
        Assert.SkipWhen(TestControlPlane.Missing is not null, TestControlPlane.Missing ?? "");
        File.Copy(Repository.IrisCsv, Path.Combine(_shell.Folder, "iris.csv"));
        File.Copy(Repository.IrisCsv, Path.Combine(_shell.Folder, "flowers.csv"));
        File.Copy(installed.Plane.KubeConfigFile, Path.Combine(_shell.Folder, "kubeconfig"));
        _shell.Environment["KUBECONFIG"] = Path.Combine(_shell.Folder, "kubeconfig");
        var assets = Environment.GetEnvironmentVariable("KUBEBUILDER_ASSETS");
        _shell.Environment["PATH"] = $"{assets}:{Environment.GetEnvironmentVariable("PATH")}";
        await ShellAsync($"kubectl create namespace page-{space} && kubectl config set-context --current --namespace=page-{space}");
    }

    private Task<string> ShellAsync(string command) => _shell.RunAsync(command, Stop);

    private Task WriteAsync(string name, string text) => File.WriteAllTextAsync(Path.Combine(_shell.Folder, name), text, Stop);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static string[] Words(string text) => text.Split('\n')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex("^kubectl (get|wait) ")]
    private static partial Regex Reads();
}
