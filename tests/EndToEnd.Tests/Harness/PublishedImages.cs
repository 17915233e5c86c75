using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using IrisOperator.Registry;
using IrisOperator.Registry.Authentication;
using IrisOperator.Registry.Images;

namespace IrisOperator.EndToEnd.Tests.Harness;

/// <summary>The repository of one story, and images that no publisher would make.</summary>
public sealed class PublishedImages : IDisposable
{
    private readonly RegistryTransport _transport;
    private readonly RegistryClient _client;
    private readonly RepositoryName _repository;

    /// <summary>In the cluster's registry.</summary>
    public PublishedImages(Cluster cluster)
        : this(
            RegistryHost.Parse(cluster.Registry),
            RegistryCredentials.None,
            $"e2e/iris-{RandomNumberGenerator.GetHexString(8, lowercase: true)}")
    {
    }

    /// <param name="host">Speaks plain http.</param>
    /// <param name="credentials">For it.</param>
    /// <param name="path">Of the repository.</param>
    public PublishedImages(RegistryHost host, RegistryCredentials credentials, string path)
    {
        _transport = new RegistryTransport(new RegistryOptions { Registries = [new RegistryEndpoint { Host = host, PlainHttp = true }] });
        _client = new RegistryClient(_transport, credentials);
        _repository = RepositoryName.Parse($"{host}/{path}");
    }

    public string Repository => _repository.ToString();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Of the bases that <see cref="PushBaseAsync"/> makes.</summary>
    public string Bases => $"{Repository}-base";

    /// <summary>The server and one file more, so that each version is an image of its own.</summary>
    /// <returns>Its digest.</returns>
    public async Task<string> PushBaseAsync(string server, string version)
    {
        var bases = RepositoryName.Parse(Bases);
        var file = new LayerFile("etc/patch", Encoding.UTF8.GetBytes(version));
        var change = new ImageChange { Layer = TarLayer.Create([file]) };
        var image = await new ImageAppender(_client).AppendAsync(ImageReference.Parse(server), bases, change, Cancellation);
        return (await new ImagePublisher(_client).PublishAsync(image, Tag.Parse(version), Cancellation)).Digest.ToString();
    }

    /// <summary>The digest of the topmost layer of a version: the model's.</summary>
    public async Task<string> LayerAsync(string version)
    {
        var manifest = await _client.GetManifestAsync(_repository.With(Tag.Parse(version)), Cancellation);
        return (string)JsonNode.Parse(manifest.Bytes.Span)!["layers"]!.AsArray()[^1]!["digest"]!;
    }

    public async Task<IReadOnlyList<string>> VersionsAsync()
    {
        var tags = new List<string>();
        await foreach (var tag in _client.ListTagsAsync(_repository, Cancellation))
        {
            tags.Add(tag.Text);
        }

        return [.. tags.Where(tag => char.IsAsciiDigit(tag[0])).Order(StringComparer.Ordinal)];
    }

    /// <summary>A version whose model folder is another one, on the same base as an existing version, told as a publisher would.</summary>
    public async Task PushFolderAsync(string on, string to, string folder)
    {
        var manifest = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "manifest.json"), Cancellation));
        var files = Directory.GetFiles(folder).Select(file => new LayerFile($"model/{Path.GetFileName(file)}", File.ReadAllBytes(file)));
        await PushAsync(on, to, files, _ => { }, ("IRIS_MODEL_DIGEST", manifest.Text("modelDigest")!));
    }

    /// <summary>A version that serves the same as another, and is another image.</summary>
    public Task PushCopyAsync(string of, string to) => PushAsync(of, to, [new LayerFile("note.txt", Encoding.UTF8.GetBytes(to))], _ => { });

    /// <summary>
    /// A version one of whose blobs is not what its digest says, as after a failure of the registry's disk. Only on the local cluster.
    /// </summary>
    public Task PushSpoiltAsync(string on, string to)
    {
        var note = new LayerFile("model/note.txt", RandomNumberGenerator.GetBytes(32));
        return PushAsync(on, to, [note], layer =>
        {
            var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } folder
                ? folder
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
            var blobs = Path.Combine(cache, "iris-operator", "registry", "docker", "registry", "v2", "blobs", "sha256");
            var blob = Path.Combine(blobs, layer.Hex[..2], layer.Hex, "data");
            var bytes = File.ReadAllBytes(blob);
            bytes[512] ^= 1;
            File.WriteAllBytes(blob, bytes);
        });
    }

    private async Task PushAsync(
        string on, string to, IEnumerable<LayerFile> files, Action<Contracts.Digest> spoil, params (string Name, string Value)[] more)
    {
        var layer = TarLayer.Create(files);
        var variables = more.ToDictionary(variable => variable.Name, variable => variable.Value);
        variables["IRIS_MODEL_DIR"] = "/model";
        var change = new ImageChange { Layer = layer, Environment = variables };
        var image = await new ImageAppender(_client).AppendAsync(_repository.With(Tag.Parse(on)), _repository, change, Cancellation);
        spoil(layer.Descriptor.Digest);
        await new ImagePublisher(_client).PublishAsync(image, Tag.Parse(to), Cancellation);
    }

    public void Dispose() => _transport.Dispose();
}
