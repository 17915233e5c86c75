using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace IrisOperator.EndToEnd.Tests.Harness;

/// <summary>A namespace of one story, removed with everything in it when the story ends.</summary>
public sealed class TestNamespace : IAsyncDisposable
{
    private const string Prefix = "e2e-";

    private readonly Cluster _cluster;

    private TestNamespace(Cluster cluster, string name)
    {
        _cluster = cluster;
        Name = name;
    }

    public string Name { get; }

    public static async Task<TestNamespace> CreateAsync(Cluster cluster, string story)
    {
        var name = $"{Prefix}{story}-{RandomNumberGenerator.GetHexString(6, lowercase: true)}";
        await Kubectl.RunAsync("create", "namespace", name);
        return new TestNamespace(cluster, name);
    }

    /// <summary>Whether it is the namespace of another story, which may be ending still.</summary>
    public bool IsOfAnother(string? space) => space != Name && space?.StartsWith(Prefix, StringComparison.Ordinal) == true;

    public Task ApplyAsync(string yaml) => Kubectl.ApplyAsync(Name, yaml);

    /// <summary>Runs kubectl in this namespace.</summary>
    public Task<string> KubectlAsync(params string[] arguments) => Kubectl.RunAsync([.. arguments, "--namespace", Name]);

    public Task<JsonObject?> GetAsync(Resource resource, string name, CancellationToken cancellationToken) =>
        _cluster.Api.GetAsync(resource.In(Name, name), cancellationToken);

    public async Task<JsonObject> ReadAsync(Resource resource, string name) =>
        await GetAsync(resource, name, TestContext.Current.CancellationToken)
        ?? throw new InvalidOperationException($"{resource.Name} {Name}/{name} does not exist");

    public Task<IReadOnlyList<JsonObject>> ListAsync(Resource resource) =>
        ListAsync(resource, TestContext.Current.CancellationToken);

    public Task<IReadOnlyList<JsonObject>> ListAsync(Resource resource, CancellationToken cancellationToken) =>
        _cluster.Api.ListAsync(resource.In(Name), cancellationToken);

    /// <summary>Waits until the object is as wanted, and says what it was instead if it never is.</summary>
    public Task<JsonObject> WaitAsync(Resource resource, string name, string what, TimeSpan within, Func<JsonObject, bool> wanted) =>
        Eventually.GetAsync(
            $"{resource.Name} {Name}/{name}: {what}",
            within,
            async cancellation => await GetAsync(resource, name, cancellation) is { } found && wanted(found) ? found : null,
            cancellation => ExplainAsync(resource, name, cancellation));

    public Task<JsonObject> WaitUntilReadyAsync(Resource resource, string name, int seconds = 90) =>
        WaitAsync(resource, name, "Ready", TimeSpan.FromSeconds(seconds), found => found.IsReady());

    /// <summary>Waits until all pods of a model serve a version.</summary>
    public Task<JsonObject> WaitUntilServedAsync(string model, string version, int seconds = 60) =>
        WaitAsync(Resource.Models, model, $"{version} served", TimeSpan.FromSeconds(seconds), found =>
            found.IsReady() && found.Text("status/image/version") == version);

    /// <summary>Waits for a run by its number to end as wanted.</summary>
    public Task<JsonObject> WaitForRunAsync(string training, int number, string state = "Accepted", int seconds = 90) =>
        WaitAsync(Resource.Trainings, training, $"run {number} {state}", TimeSpan.FromSeconds(seconds), found =>
            found.LastRun() is { } run && run.Number("number") == number && run.Text("state") == state);

    /// <summary>Waits for the model of a run to be a version in the registry.</summary>
    public Task<JsonObject> WaitForPublicationAsync(string training, int number) =>
        WaitAsync(Resource.Trainings, training, $"run {number} published", TimeSpan.FromSeconds(90), found =>
            found.LastRun() is { } run && run.Number("number") == number && run.Text("publication/version") is not null);

    /// <summary>A training's pod runs.</summary>
    public Task WaitUntilTrainingAsync() => Eventually.TrueAsync("a running training pod", TimeSpan.FromSeconds(40), async cancellation =>
        (await ListAsync(Resource.Pods, cancellation)).Any(pod =>
            pod.At("metadata/labels")?["iris-operator.dev/training"] is not null && pod.Text("status/phase") == "Running"));

    /// <summary>
    /// The Service of a model that is ready, once it takes connections: kube-proxy writes its routes a moment after readiness.
    /// </summary>
    public async Task<ServingAddress> AddressAsync(string model)
    {
        var service = await ReadAsync(Resource.Services, model);
        var url = new Uri($"http://{service.Text("spec/clusterIP")}:{service.Text("spec/ports/0/port")}/api/predict");
        await Eventually.TrueAsync($"{url} takes connections", TimeSpan.FromSeconds(30), async cancellation =>
        {
            using var connection = new TcpClient();
            try
            {
                await connection.ConnectAsync(url.Host, url.Port, cancellation);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        });
        return new ServingAddress(url);
    }

    public async Task CreateConfigMapAsync(string name, string file, string content)
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(path, content, TestContext.Current.CancellationToken);
            await KubectlAsync("create", "configmap", name, $"--from-file={file}={path}");
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>The Iris table as a config map of the name <c>iris</c>.</summary>
    public async Task CreateIrisAsync() => await CreateConfigMapAsync("iris", "iris.csv", await Flower.TableAsync());

    /// <summary>The folder of a claim's volume on this machine. Only on the local cluster.</summary>
    public async Task<string> VolumeFolderAsync(string claim)
    {
        var state = _cluster.RequireLocal();
        var bound = await WaitAsync(Resource.Claims, claim, "Bound", TimeSpan.FromSeconds(20), found =>
            found.Text("status/phase") == "Bound");
        return Path.Combine(state, "volumes", bound.Text("metadata/uid")!);
    }

    public async ValueTask DisposeAsync() =>
        // Not waited for: the next story does not need the name, and its pods take their time to drain.
        await Kubectl.TryAsync("kubectl", ["delete", "namespace", Name, "--wait=false"]);

    /// <summary>
    /// What the object, its namespace's pods and the last events look like, for the message of a wait that ended in vain.
    /// </summary>
    public async Task<string> ExplainAsync(Resource resource, string name, CancellationToken cancellationToken)
    {
        var found = await GetAsync(resource, name, cancellationToken);
        var pods = await ListAsync(Resource.Pods, cancellationToken);
        var events = (await ListAsync(Resource.Events, cancellationToken)).TakeLast(12)
            .Select(e =>
                $"  {e.Text("type")} {e.Text("reason")} {e.Text("involvedObject/kind")}/{e.Text("involvedObject/name")}: "
                + e.Text("message"));
        var observed = found is null
            ? "absent"
            : $"generation {found.Text("metadata/generation")}, status {found["status"]?.ToJsonString()}";
        var told = pods.Select(pod => $"{pod.NameOf()} {pod.Text("status/phase")} "
            + $"deletion {pod.Text("metadata/deletionTimestamp") ?? "none"} {pod.At("status/containerStatuses/0/state")?.ToJsonString()}");
        return $"""
            it is: {observed}
            pods: {string.Join(", ", told)}
            events:
            {string.Join('\n', events)}
            """;
    }
}
