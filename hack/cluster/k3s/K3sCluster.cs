namespace IrisOperator.K3s;

/// <summary>A throwaway K3s and a registry beside it, each a container. They outlive the process that started them: who wants
/// them for one test run only disposes this.</summary>
public sealed class K3sCluster : IAsyncDisposable
{
    private const string KubeconfigInside = "/etc/rancher/k3s/k3s.yaml";
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(180);
    private static readonly TimeSpan s_nodeLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan s_removeLimit = TimeSpan.FromSeconds(60);

    private readonly StateFolder _folder;

    private K3sCluster(StateFolder folder, string registry) => (_folder, Registry) = (folder, registry);

    public string Kubeconfig => _folder.Kubeconfig;

    /// <summary>host:port, the same for this machine, the node and the pods; plain http.</summary>
    public string Registry { get; }

    /// <summary>Finds the cluster of that folder running, or starts it and waits until its node is Ready.</summary>
    /// <exception cref="EngineUnavailableException">There is no engine, or the images cannot be had.</exception>
    /// <exception cref="K3sException">It did not come up; what had been started is removed again.</exception>
    public static async Task<K3sCluster> UpAsync(string stateFolder, Action<string> say, CancellationToken cancellationToken = default)
    {
        var folder = new StateFolder(stateFolder);
        using var engine = await Engine.ConnectAsync(cancellationToken);
        if (folder.Registry is { } registry && await IsRunningAsync(engine, folder, cancellationToken))
        {
            say("k3s is running already");
            return new(folder, registry);
        }

        var images = K3sImages.FromEnvironment();
        await EnsureAsync(engine, images, say, cancellationToken);
        await RemoveAsync(engine, folder, cancellationToken);
        folder.Create();
        try
        {
            return await StartAsync(engine, folder, images, say, cancellationToken);
        }
        catch
        {
            // Also when it is interrupted, so not by that token.
            await RemoveAsync(engine, folder, CancellationToken.None);
            throw;
        }
    }

    /// <summary>Whether it runs and its API server answers.</summary>
    public static async Task<bool> IsRunningAsync(string stateFolder, CancellationToken cancellationToken = default)
    {
        var folder = new StateFolder(stateFolder);
        if (folder.Registry is null)
        {
            return false;
        }

        using var engine = await Engine.ConnectAsync(cancellationToken);
        return await IsRunningAsync(engine, folder, cancellationToken);
    }

    /// <summary>Removes the containers of that folder with their volumes, and its files. Good where there is nothing.</summary>
    public static async Task DownAsync(string stateFolder, CancellationToken cancellationToken = default)
    {
        var folder = new StateFolder(stateFolder);
        using var engine = await Engine.ConnectAsync(cancellationToken);
        await RemoveAsync(engine, folder, cancellationToken);
    }

    /// <summary>Whether the engine has the images; they are pulled if it has not.</summary>
    /// <exception cref="EngineUnavailableException">Why not.</exception>
    public static async Task RequireAsync(Action<string> say, CancellationToken cancellationToken = default)
    {
        using var engine = await Engine.ConnectAsync(cancellationToken);
        await EnsureAsync(engine, K3sImages.FromEnvironment(), say, cancellationToken);
    }

    public async ValueTask DisposeAsync() => await DownAsync(_folder.Path);

    private static async Task EnsureAsync(Engine engine, K3sImages images, Action<string> say, CancellationToken cancellationToken)
    {
        var store = new ImageStore(engine, say);
        await store.EnsureAsync(images.Registry, cancellationToken);
        await store.EnsureAsync(images.K3s, cancellationToken);
    }

    private static async Task<K3sCluster> StartAsync(
        Engine engine, StateFolder folder, K3sImages images, Action<string> say, CancellationToken cancellationToken)
    {
        say($"starting a registry, {images.Registry}, and k3s, {images.K3s}");
        var address = await RegistryContainer.StartAsync(folder, images.Registry, cancellationToken);
        var k3s = Containers.K3s(folder, images.K3s, address);
        try
        {
            await Limit.WithinAsync(s_startLimit, "k3s", async token =>
            {
                await k3s.StartAsync(token);
                return true;
            }, cancellationToken);
            say("k3s answers; waiting for its node");
            await Limit.UntilAsync(s_nodeLimit, "the node", token => engine.SucceedsAsync(
                k3s.Id, Kubectl("wait", "--for=condition=Ready", "node", "--all", "--timeout=5s"), token), cancellationToken);
            await Limit.UntilAsync(s_nodeLimit, "the default service account", token => engine.SucceedsAsync(
                k3s.Id, Kubectl("get", "--namespace=default", "serviceaccount", "default"), token), cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new K3sException($"k3s did not come up: {Failures.OneLine(e)}{await Failures.LastLinesAsync(k3s)}");
        }

        await folder.WriteAsync(await k3s.GetKubeconfigAsync(), address, cancellationToken);
        say($"the node is Ready; its registry is {address}");
        return new(folder, address);
    }

    private static async Task<bool> IsRunningAsync(Engine engine, StateFolder folder, CancellationToken cancellationToken)
    {
        var containers = await engine.ListAsync(Containers.Label, folder.Path, cancellationToken);
        var k3s = containers.FirstOrDefault(container => container.Names.Contains("/" + Containers.Name(folder, "k3s")));
        return k3s is not null && containers.Count == 2 && containers.All(container => container.State == "running") &&
            await engine.SucceedsAsync(k3s.ID, Kubectl("get", "--raw", "/readyz", "--request-timeout=5s"), cancellationToken);
    }

    private static async Task RemoveAsync(Engine engine, StateFolder folder, CancellationToken cancellationToken)
    {
        await Limit.WithinAsync(s_removeLimit, "the containers to go", async token =>
        {
            foreach (var container in await engine.ListAsync(Containers.Label, folder.Path, token))
            {
                await engine.RemoveAsync(container.ID, token);
            }

            return true;
        }, cancellationToken);
        folder.Clear();
    }

    private static string[] Kubectl(params string[] arguments) => ["kubectl", "--kubeconfig", KubeconfigInside, .. arguments];
}
