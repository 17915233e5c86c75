using System.Text;
using IrisOperator.Registry;
using IrisOperator.Registry.Authentication;
using IrisOperator.Testing;

namespace IrisOperator.TrainerImage.Tests.Publishing;

/// <summary>A registry of the test's that holds a base image of two megabytes.</summary>
internal sealed class RegistryWithBase : IAsyncDisposable
{
    private readonly DebianRegistry _server;
    private readonly RegistryTransport _transport;
    private readonly List<string> _layers = [];

    private RegistryWithBase(DebianRegistry server)
    {
        _server = server;
        _transport = new RegistryTransport(server.Options);
        var auth = RegistryCredential.Password(DebianRegistry.User, DebianRegistry.Password);
        Client = new RegistryClient(_transport, RegistryCredentials.For(server.Host, auth));
    }

    public const int BaseBytes = 2_000_000;

    public RegistryClient Client { get; }

    public RegistryHost Host => _server.Host;

    public RepositoryName Iris => _server.Repository("team/iris");

    public Digest Base { get; private set; } = null!;

    public IReadOnlyList<string> BaseLayers => _layers;

    public IReadOnlyList<string> Log => _server.AccessLog();

    public static async Task<RegistryWithBase> StartAsync(bool authentication = false, bool deletion = true)
    {
        var registry = new RegistryWithBase(
            await DebianRegistry.StartAsync(TestContext.Current.CancellationToken, authentication, deletion));
        registry.Base = await registry.PushBaseAsync("1.0.0");
        return registry;
    }

    /// <summary>What the command needs to publish a folder here, by way of another host when there is one.</summary>
    public IEnumerable<string> Arguments(string folder, string series = "1.0", RegistryHost? by = null, params IEnumerable<string> more)
    {
        var host = by ?? Host;
        return
        [
            folder, "--repository", $"{host}/team/iris", "--series", series, "--base", $"{host}/bases/serving", "--base-version", "1.x",
            "--insecure-registry", $"{host}", "--annotation", "iris-operator.dev/training=default/iris", .. more,
        ];
    }

    /// <summary>Another version is another layer.</summary>
    public async Task<Digest> PushBaseAsync(string version)
    {
        var bases = _server.Repository("bases/serving");
        var layer = new byte[BaseBytes];
        new Random(version.Length + version[^1]).NextBytes(layer);
        var config = Encoding.UTF8.GetBytes(
            $$$"""{"architecture":"amd64","os":"linux","config":{"Env":["PATH=/bin","IRIS_MODEL_DIR=/none"]},"rootfs":"""
            + $$$"""{"type":"layers","diff_ids":["{{{Digest.Of(layer)}}}"]}}""");
        foreach (var blob in new[] { layer, config })
        {
            await Client.EnsureBlobAsync(bases, Describe("", blob), null, _ => Task.FromResult<Stream>(new MemoryStream(blob)));
        }

        _layers.Add(Digest.Of(layer).ToString());
        var text = $$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.Manifest}}","config":{{Json(MediaTypes.Config, config)}},"""
            + $"\"layers\":[{Json(MediaTypes.TarLayer, layer)}]}}";
        var manifest = new Manifest(MediaTypes.Manifest, Encoding.UTF8.GetBytes(text));
        await Client.PutManifestAsync(bases, manifest, Tag.Parse(version));
        return manifest.Digest;
    }

    public async Task<IReadOnlyList<string>> TagsAsync() =>
        await Client.ListTagsAsync(Iris).Select(tag => tag.Text).Order(StringComparer.Ordinal).ToListAsync();

    public async ValueTask DisposeAsync()
    {
        _transport.Dispose();
        await _server.DisposeAsync();
    }

    private static Descriptor Describe(string type, byte[] content) => new(type, Digest.Of(content), content.Length);

    private static string Json(string type, byte[] content) =>
        $$"""{"mediaType":"{{type}}","size":{{content.Length}},"digest":"{{Digest.Of(content)}}"}""";
}
