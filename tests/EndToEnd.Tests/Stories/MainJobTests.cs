using System.Globalization;
using System.Text.Json.Nodes;
using IrisOperator.EndToEnd.Tests.Harness;

namespace IrisOperator.EndToEnd.Tests.Stories;

/// <summary>The one sentence of the README: two resources, and a CSV is a replicated prediction service.</summary>
public sealed class MainJobTests(Cluster cluster) : Story(cluster, "main")
{
    [Theory]
    [InlineData("xgboost")]
    [InlineData("svm")]
    public async Task a_config_map_becomes_a_model_that_is_good_enough(string algorithm)
    {
        await Space.CreateIrisAsync();
        await Space.ApplyAsync(Manifests.Training(
            "flowers",
            "{configMapName: iris, path: iris.csv, target: Species}",
            $"algorithm: {{name: {algorithm}}}",
            """evaluation: {require: {accuracy: "0.9"}}"""));
        await Space.KubectlAsync("wait", "--for=condition=Ready", "irt/flowers", "--timeout=90s");

        var training = await Space.ReadAsync(Resource.Trainings, "flowers");
        var run = Assert.Single(training.Objects("status/runs"));
        Assert.Equal("Accepted", run.Text("state"));
        Assert.InRange(double.Parse(training.Text("status/accuracy")!, CultureInfo.InvariantCulture), 0.92, 1.0);
        Assert.Matches("^sha256:[0-9a-f]{64}$", run.Text("modelDigest"));
        Assert.Matches("^sha256:[0-9a-f]{64}$", run.Text("datasetDigest"));
        Assert.True(training.HasCondition("Complete"));
        Assert.True(training.HasCondition("QualityGatePassed"));
        Assert.False(training.HasCondition("Stalled"));

        var line = (await Space.KubectlAsync("get", "irt", "flowers", "--no-headers")).Split('\n')[0];
        Assert.Contains(" True ", line, StringComparison.Ordinal);
        Assert.Contains($" {training.Text("status/accuracy")} ", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_claim_becomes_three_replicas_that_answer_and_five_when_scaled()
    {
        await Space.ApplyAsync("""
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata: {name: iris-data}
            spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
            """);
        var folder = await Space.VolumeFolderAsync("iris-data");
        await File.WriteAllTextAsync(Path.Combine(folder, "iris.csv"), await Flower.TableAsync(), Cancellation);
        // Both at once, as a user would: the model waits for its training.
        await Space.ApplyAsync("""
            apiVersion: iris-operator.dev/v1alpha1
            kind: IrisModel
            metadata: {name: iris}
            spec: {replicas: 3, model: {trainingRef: {name: iris}}}
            ---
            apiVersion: iris-operator.dev/v1alpha1
            kind: IrisTraining
            metadata: {name: iris}
            spec: {dataset: {claimName: iris-data}}
            """);
        await Space.KubectlAsync("wait", "--for=condition=Ready", "irt/iris", "--timeout=90s");
        await Space.KubectlAsync("wait", "--for=condition=Ready", "irm/iris", "--timeout=90s");

        var training = await Space.ReadAsync(Resource.Trainings, "iris");
        var digest = training.Text("status/modelDigest");
        await AssertServedAsync(digest!, 3);

        await Space.KubectlAsync("scale", "irm/iris", "--replicas=5");
        await Space.WaitAsync(Resource.Models, "iris", "5 replicas ready", TimeSpan.FromSeconds(60), model =>
            model.IsReady() && model.Number("status/readyReplicas") == 5);
        await AssertServedAsync(digest!, 5);

        Assert.Contains("""{"name":"versicolor","prediction":1}""", await RunAsync("docs/spec/irismodel.md"), StringComparison.Ordinal);
        await RunAsync("docs/spec/operator.md");
    }

    // The commands of a page, in the namespace of the story. What is started in the background is up a moment later.
    private async Task<string> RunAsync(string page)
    {
        using var shell = new Testing.PageShell();
        shell.Environment["KUBECONFIG"] = Path.Combine(shell.Folder, "kubeconfig");
        await File.WriteAllTextAsync(
            shell.Environment["KUBECONFIG"], await Space.KubectlAsync("config", "view", "--raw", "--flatten"), Cancellation);
        var commands = Testing.PageShell.Blocks(page, "by tests/EndToEnd.Tests/Stories/MainJobTests.cs")
            .SelectMany(Testing.PageShell.Commands)
            .Select(command => command.Command);
        string[] script =
        [
            "trap 'kill $(jobs -p) 2>/dev/null || true' EXIT",
            $"kubectl config set-context --current --namespace={Space.Name} >/dev/null",
            "curl() { command curl --retry 20 --retry-delay 1 --retry-connrefused \"$@\"; }",
            .. commands,
        ];
        return await shell.RunAsync(string.Join('\n', script).Replace("8080", "18080", StringComparison.Ordinal), Cancellation);
    }

    private async Task AssertServedAsync(string digest, int replicas)
    {
        Assert.Equal(digest, await (await Space.AddressAsync("iris")).AskAsync());

        // Each pod by itself: a Service hides the one that does not answer.
        var pods = (await Space.ListAsync(Resource.Pods)).Where(IsServer).ToList();
        Assert.Equal(replicas, pods.Count);
        foreach (var pod in pods)
        {
            Assert.Equal(digest, await new ServingAddress(new Uri($"http://{pod.Text("status/podIP")}:8080/api/predict")).AskAsync());
        }

        var line = (await Space.KubectlAsync("get", "irm", "iris", "--no-headers")).Split('\n')[0];
        Assert.Matches($@"^iris +True +{replicas}/{replicas} +iris/1 ", line);
    }

    private static bool IsServer(JsonObject pod) =>
        pod.At("metadata/deletionTimestamp") is null && pod.At("metadata/labels")?["iris-operator.dev/model"] is not null;
}
