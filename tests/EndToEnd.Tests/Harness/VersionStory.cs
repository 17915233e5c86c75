using System.Text.Json.Nodes;

namespace IrisOperator.EndToEnd.Tests.Harness;

/// <summary>A story about a training that publishes versions and a model that follows them, both named <c>iris</c>.</summary>
public abstract class VersionStory(Cluster cluster, string name) : Story(cluster, name)
{
    protected PublishedImages Images { get; } = new(cluster);

    /// <summary>The repository without its registry.</summary>
    protected string ImageName => Images.Repository[(Cluster.Registry.Length + 1)..];

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Images.Dispose();
        await base.DisposeAsync();
    }

    /// <summary>Publishes 1.0.0 and serves it with two replicas. Further fields of the model's spec are given in one line each.</summary>
    protected async Task<(string ModelDigest, ServingAddress Address)> ServeAsync(params string[] more)
    {
        await Space.CreateIrisAsync();
        await Space.ApplyAsync(Manifests.Training("iris", more: $"publish: {{repository: \"{Images.Repository}\", version: \"1.0\"}}"));
        await Space.ApplyAsync(Manifests.Follower("iris", Images.Repository, "pollIntervalSeconds: 10", replicas: 2, more));
        await WaitUntilServedAsync("1.0.0");
        var address = await Space.AddressAsync("iris");
        return (await address.AskAsync(), address);
    }

    protected async Task ChangeRowAsync()
    {
        await Space.KubectlAsync("delete", "configmap", "iris");
        var table = (await Flower.TableAsync()).Replace("5.1,3.8,1.9,0.4,setosa", "5.1,3.8,2.2,0.4,setosa", StringComparison.Ordinal);
        await Space.CreateConfigMapAsync("iris", "iris.csv", table);
        await Space.KubectlAsync("annotate", "irt", "iris", "iris-operator.dev/run=changed", "--overwrite");
    }

    protected Task<string> PatchAsync(string patch) => Space.KubectlAsync("patch", "irm", "iris", "--type=merge", "--patch", patch);

    protected Task<JsonObject> WaitUntilServedAsync(string version) => Space.WaitUntilServedAsync("iris", version);

    /// <summary>Publishes the model of run 1 with a change, on the image of 1.0.0. Only on the local cluster.</summary>
    protected async Task PushChangedAsync(string version, Func<string, string> change)
    {
        var run = (await Space.ReadAsync(Resource.Trainings, "iris")).LastRun()!;
        var folder = change(Path.Combine(await Space.VolumeFolderAsync(run.Text("claimName")!), run.Text("modelPath")!));
        await Images.PushFolderAsync(on: "1.0.0", to: version, folder);
        Directory.Delete(folder, recursive: true);
    }
}
