using System.Text.Json.Nodes;
using IrisOperator.Testing;
using IrisOperator.Testing.ControlPlane;

namespace IrisOperator.Chart.Tests;

/// <summary>config/default and config/samples on a real API server, through the kubectl a user has.</summary>
public sealed class ApiServerTests(InstalledControlPlane installed) : IClassFixture<InstalledControlPlane>
{
    private TestControlPlane Plane => installed.Plane;

    [Fact]
    public async Task applying_again_changes_nothing()
    {
        var output = await Tool.KubectlAsync(Plane, "apply", "-k", Path.Combine(Repository.Root, "config", "default"));

        Assert.All(output.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.EndsWith(" unchanged", line));
    }

    [Theory]
    [InlineData("iristrainings")]
    [InlineData("irismodels")]
    public async Task both_kinds_are_established_and_structural(string plural)
    {
        var crd = JsonNode.Parse(await Tool.KubectlAsync(Plane, "get", "crd", $"{plural}.iris-operator.dev", "-o", "json"))!;
        var conditions = crd["status"]!["conditions"]!.AsArray().ToDictionary(c => (string)c!["type"]!, c => (string?)c!["status"]);

        Assert.Equal("True", conditions["Established"]);
        Assert.Equal("True", conditions["NamesAccepted"]);
        Assert.DoesNotContain("NonStructuralSchema", conditions.Keys);
        // What the server stores is what was sent: a schema keyword it did not know would be gone.
        var sent = (await Rendering.KustomizeAsync("crd"))[$"CustomResourceDefinition /{plural}.iris-operator.dev"];
        Assert.Equal(Schemas.Fields(sent).Select(field => field.Path).Order(), Schemas.Fields(crd).Select(field => field.Path).Order());
    }

    [Fact]
    public async Task the_samples_are_accepted_and_get_their_defaults()
    {
        await Tool.KubectlAsync(Plane, "create", "namespace", "samples");
        await Tool.KubectlAsync(Plane, "apply", "-n", "samples", "-k", Path.Combine(Repository.Root, "config", "samples"));
        var training = JsonNode.Parse(await Tool.KubectlAsync(Plane, "get", "-n", "samples", "irt/iris", "-o", "json"))!["spec"]!;
        var file = await Tool.KubectlAsync(Plane, "get", "-n", "samples", "configmap/iris-data", "-o", "jsonpath={.data.iris\\.csv}");

        Assert.Equal("iris-data", (string?)training["dataset"]!["configMapName"]);
        Assert.Equal(2, (int?)training["backoffLimit"]);
        Assert.Equal(10, (int?)training["historyLimit"]);
        Assert.Equal(151, file.Trim().Split('\n').Length);
        Assert.Equal(2, (await Tool.KubectlAsync(Plane, "get", "-n", "samples", "iris", "-o", "name")).Trim().Split('\n').Length);
    }

    [Theory]
    [InlineData("iristraining.md")]
    [InlineData("irismodel.md")]
    public async Task the_examples_of_the_pages_are_accepted(string page)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "spec", page), TestContext.Current.CancellationToken);
        var examples = text.Split("```")
            .Where(block => block.StartsWith("yaml\n", StringComparison.Ordinal))
            .Select(block => block[5..])
            .ToList();

        Assert.NotEmpty(examples);
        foreach (var example in examples)
        {
            await ApplyTextAsync(example, "--dry-run=server", true);
        }
    }

    [Theory]
    [InlineData("IrisModel", "replicas: -1", "spec.replicas")]
    [InlineData("IrisModel", "replicas: many", "spec.replicas")]
    [InlineData("IrisModel", "server: {port: 80}", "spec.server.port")]
    [InlineData("IrisModel", "server: {requestTimeoutSeconds: 0}", "spec.server.requestTimeoutSeconds")]
    [InlineData("IrisModel", "server: {resources: {limits: {memory: lots}}}", "spec.server.resources.limits.memory")]
    [InlineData("IrisModel", "model: {trainingRef: {}}", "spec.model.trainingRef.name")]
    [InlineData("IrisModel", "model: {trainingRef: {name: iris, run: 0}}", "spec.model.trainingRef.run")]
    [InlineData("IrisModel", "image: {version: 1.0.0}", "spec.image.repository")]
    [InlineData("IrisModel", "suspend: maybe", "spec.suspend")]
    [InlineData("IrisModel", "rollout: {progressDeadlineSeconds: 0}", "spec.rollout.progressDeadlineSeconds")]
    [InlineData("IrisModel", "rollout: {canary: {replicas: 0}}", "spec.rollout.canary.replicas")]
    [InlineData("IrisModel", "rollout: {canary: {weight: 100}}", "spec.rollout.canary.weight")]
    [InlineData("IrisModel", "rollout: {canary: {durationSeconds: 0}}", "spec.rollout.canary.durationSeconds")]
    [InlineData("IrisModel", "rollout: {canary: {maxErrorRate: '1.5'}}", "spec.rollout.canary.maxErrorRate")]
    [InlineData("IrisModel", "rollout: {canary: {minRequests: -1}}", "spec.rollout.canary.minRequests")]
    [InlineData("IrisTraining", "suspend: false", "spec.dataset")]
    [InlineData("IrisTraining", "dataset: {claimName: ''}", "spec.dataset.claimName")]
    [InlineData("IrisTraining", "{dataset: {claimName: a}, evaluation: {folds: 1}}", "spec.evaluation.folds")]
    [InlineData("IrisTraining", "{dataset: {claimName: a}, evaluation: {seed: -1}}", "spec.evaluation.seed")]
    [InlineData("IrisTraining", "{dataset: {claimName: a}, output: {size: big}}", "spec.output.size")]
    [InlineData("IrisTraining", "{dataset: {claimName: a}, output: {accessMode: ReadOnlyMany}}", "spec.output.accessMode")]
    [InlineData("IrisTraining", "{dataset: {claimName: a}, historyLimit: 0}", "spec.historyLimit")]
    [InlineData("IrisTraining", "{dataset: {claimName: a}, backoffLimit: -1}", "spec.backoffLimit")]
    [InlineData("IrisTraining", "{dataset: {claimName: a}, trainer: {runAsUser: 0}}", "spec.trainer.runAsUser")]
    [InlineData("IrisTraining", "{dataset: {claimName: a}, trainer: {runAsUser: 2147483648}}", "spec.trainer.runAsUser")]
    [InlineData("IrisTraining", "{dataset: {claimName: a}, trainer: {sharedMemory: much}}", "spec.trainer.sharedMemory")]
    [InlineData("IrisTraining", "{dataset: {claimName: a}, trainer: {runtimeClassName: ''}}", "spec.trainer.runtimeClassName")]
    [InlineData("IrisTraining", "{dataset: {claimName: a}, trainer: {priorityClassName: ''}}", "spec.trainer.priorityClassName")]
    [InlineData("IrisTraining", "{dataset: {claimName: a}, trainer: {nodeSelector: {pool: a b}}}", "spec.trainer.nodeSelector.pool")]
    [InlineData("IrisTraining", "{dataset: {claimName: a}, trainer: {jobLabels: {queue: -}}}", "spec.trainer.jobLabels.queue")]
    [InlineData("IrisTraining", "{dataset: {claimName: a}, trainer: {podLabels: {team: a b}}}", "spec.trainer.podLabels.team")]
    [InlineData(
        "IrisTraining",
        "{dataset: {claimName: a}, trainer: {tolerations: [{operator: Is}]}}",
        "spec.trainer.tolerations")]
    [InlineData(
        "IrisTraining",
        "{dataset: {claimName: a}, trainer: {tolerations: [{effect: Never}]}}",
        "spec.trainer.tolerations")]
    [InlineData("IrisTraining", "{dataset: {claimName: a}, trainer: {tolerations: [{value: a b}]}}", "spec.trainer.tolerations")]
    [InlineData(
        "IrisTraining",
        "{dataset: {claimName: a}, trainer: {resources: {limits: {nvidia.com/gpu: many}}}}",
        "spec.trainer.resources.limits.nvidia.com/gpu")]
    [InlineData(
        "IrisTraining",
        "{dataset: {claimName: a}, publish: {repository: r.example/a, version: '1.0', rebase: often}}",
        "spec.publish.rebase")]
    [InlineData(
        "IrisTraining", "{dataset: {claimName: a}, publish: {repository: r.example/a, version: '1.0', retain: 0}}", "spec.publish.retain")]
    [InlineData(
        "IrisTraining",
        "{dataset: {claimName: a}, publish: {repository: r.example/a, version: '1.0', retain: 1001}}",
        "spec.publish.retain")]
    [InlineData(
        "IrisTraining",
        "{dataset: {claimName: a}, publish: {repository: r.example/a, version: '1.0', retainDryRun: maybe}}",
        "spec.publish.retainDryRun")]
    public async Task a_wrong_value_is_refused_by_field(string kind, string spec, string field)
    {
        // The server's own validation, not that of kubectl.
        var (exitCode, errors) = await ApplyAsync(kind, spec, "--validate=false");

        Assert.NotEqual(0, exitCode);
        Assert.Contains(field, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task kubectl_refuses_a_field_that_does_not_exist()
    {
        var (exitCode, errors) = await ApplyAsync("IrisModel", "replica: 3");

        Assert.NotEqual(0, exitCode);
        // Today the server decodes strictly and names the path; before, kubectl looked into the schema and named the field.
        Assert.Matches("unknown field \"(spec\\.)?replica\"", errors.Replace("\\", "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("IrisModel", "server: {resources: {limits: {cpu: 1}}}")]
    [InlineData("IrisModel", "server: {resources: {limits: {cpu: 500m, memory: 1.5Gi}}}")]
    [InlineData("IrisModel", "rollout: {canary: {maxErrorRate: 0.01}}")]
    [InlineData("IrisModel", "rollout: {canary: {maxErrorRate: '0.01'}}")]
    [InlineData("IrisTraining", "{dataset: {claimName: a}, evaluation: {require: {accuracy: 0.9}}}")]
    [InlineData("IrisTraining", "{dataset: {claimName: a}, evaluation: {require: {accuracy: '0.9'}}}")]
    [InlineData("IrisTraining", "{dataset: {claimName: a}, algorithm: {parameters: {rounds: 50, eta: '0.3'}}}")]
    [InlineData("IrisTraining", "{dataset: {claimName: a}, trainer: {sharedMemory: 1073741824}}")]
    [InlineData("IrisTraining", "{dataset: {claimName: a}, trainer: {resources: {limits: {nvidia.com/gpu: 1}}}}")]
    public async Task quantities_and_numbers_are_written_with_and_without_quotes(string kind, string spec)
    {
        var (exitCode, errors) = await ApplyAsync(kind, spec, "--dry-run=server");

        Assert.True(exitCode == 0, errors);
    }

    [Theory]
    [InlineData("irt.spec.evaluation.folds", "Folds of the cross-validation.")]
    [InlineData("irm", "Serves a trained model")]
    public async Task kubectl_explain_tells_what_a_field_is_for(string path, string description)
    {
        Assert.Contains(description, await Tool.KubectlAsync(Plane, "explain", path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task kubectl_scale_changes_the_replicas()
    {
        await ApplyAsync("IrisModel", "replicas: 1", name: "scaled");

        await Tool.KubectlAsync(Plane, "scale", "irm/scaled", "--replicas=5");

        Assert.Equal("5", await Tool.KubectlAsync(Plane, "get", "irm/scaled", "-o", "jsonpath={.spec.replicas}"));
    }

    [Fact]
    public async Task the_columns_say_in_one_line_what_is_served()
    {
        await ApplyAsync("IrisModel", "replicas: 3", name: "columns");
        const string status = """
            {"status": {"served": "2/3", "modelDigest": "sha256:abc", "model": {"source": "iris/2"},
            "conditions": [{"type": "Ready", "status": "False",
            "reason": "RollingOut", "message": "2 of 3 updated", "lastTransitionTime": "2026-01-01T00:00:00Z"}]}}
            """;
        await Tool.KubectlAsync(Plane, "patch", "irm/columns", "--type=merge", "--subresource=status", "-p", status);

        var lines = (await Tool.KubectlAsync(Plane, "get", "irm/columns")).Split('\n');
        var wide = await Tool.KubectlAsync(Plane, "get", "irm/columns", "-o", "wide");

        Assert.Equal(["NAME", "READY", "REPLICAS", "RUN", "VERSION", "SUSPENDED", "MESSAGE", "AGE"], Words(lines[0]));
        Assert.StartsWith("columns False 2/3 iris/2 2 of 3 updated", string.Join(' ', Words(lines[1])), StringComparison.Ordinal);
        Assert.Contains("sha256:abc", wide, StringComparison.Ordinal);
    }

    [Fact]
    public async Task status_is_not_written_with_the_spec()
    {
        await ApplyAsync("IrisModel", "replicas: 3\nstatus: {url: forged}", name: "forged");

        Assert.Equal("", await Tool.KubectlAsync(Plane, "get", "irm/forged", "-o", "jsonpath={.status.url}"));
    }

    [Theory]
    [InlineData("get", "secrets", "no")]
    [InlineData("list", "secrets", "no")]
    [InlineData("create", "pods/exec", "no")]
    [InlineData("create", "pods/attach", "no")]
    [InlineData("create", "pods", "no")]
    [InlineData("delete", "persistentvolumeclaims", "no")]
    [InlineData("create", "serviceaccounts/token", "no")]
    [InlineData("impersonate", "users", "no")]
    [InlineData("create", "rolebindings.rbac.authorization.k8s.io", "no")]
    [InlineData("escalate", "clusterroles.rbac.authorization.k8s.io", "no")]
    [InlineData("update", "irismodels.iris-operator.dev", "no")]
    [InlineData("get", "nodes", "no")]
    [InlineData("create", "jobs.batch", "yes")]
    [InlineData("patch", "deployments.apps", "yes")]
    [InlineData("patch", "iristrainings.iris-operator.dev/status", "yes")]
    public async Task the_service_account_may_do_what_it_needs_and_no_more(string verb, string resource, string answer)
    {
        Assert.Equal(answer, await CanAsync(verb, resource, "default"));
    }

    [Theory]
    [InlineData("iris-system", "yes")]
    [InlineData("kube-system", "no")]
    public async Task leases_are_the_operators_in_its_own_namespace_only(string ns, string answer)
    {
        Assert.Equal(answer, await CanAsync("patch", "leases.coordination.k8s.io", ns));
    }

    private async Task<string> CanAsync(string verb, string resource, string ns)
    {
        // kubectl reads what follows a slash as an object's name.
        var (name, subresource) = resource.Split('/') is [var left, var right] ? (left, right) : (resource, "");
        var (_, output, _) = await Tool.TryAsync(
            Plane, "kubectl", "auth", "can-i", verb, name, $"--subresource={subresource}", "-n", ns,
            "--as=system:serviceaccount:iris-system:iris-operator");
        return output.Trim();
    }

    private Task<(int ExitCode, string Errors)> ApplyAsync(string kind, string spec, string? flag = null, string name = "tried")
    {
        var text = spec.StartsWith('{') ? $"spec: {spec}" : $"spec:\n  {spec}";
        return ApplyTextAsync($"apiVersion: iris-operator.dev/v1alpha1\nkind: {kind}\nmetadata: {{name: {name}}}\n{text}\n", flag);
    }

    private async Task<(int ExitCode, string Errors)> ApplyTextAsync(string text, string? flag, bool demand = false)
    {
        using var folder = new TempFolder();
        var file = folder.Combine("object.yaml");
        await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
        string[] arguments = ["apply", "-n", "default", "-f", file, .. flag is null ? Array.Empty<string>() : [flag]];
        var (exitCode, _, errors) = await Tool.TryAsync(Plane, "kubectl", arguments);
        Assert.True(exitCode == 0 || !demand, errors);
        return (exitCode, errors);
    }

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
