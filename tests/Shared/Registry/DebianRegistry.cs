using System.Text.RegularExpressions;
using IrisOperator.Registry;
using IrisOperator.Registry.Authentication;
using IrisOperator.Testing.ControlPlane;

namespace IrisOperator.Testing;

/// <summary>Debian's docker-registry (distribution 2.8) on a loopback port, with its storage in a folder of the test's.</summary>
internal sealed partial class DebianRegistry : IAsyncDisposable
{
    private static readonly TimeSpan _startLimit = TimeSpan.FromSeconds(30);

    // crypt("open sesame") with bcrypt, the only kind that the registry takes.
    private const string HtpasswdLine = "robot:$2y$05$abcdefghijklmnopqrstuupx2xBUC4954936wVIjyyPHmUBFu0wCW";
    private readonly TempFolder _folder = new();
    private ChildProcess? _process;
    private RegistryTransport? _transport;

    private DebianRegistry()
    {
    }

    public static string User => "robot";

    public static string Password => "open sesame";

    public RegistryHost Host { get; private set; } = null!;

    public RegistryOptions Options => new() { Registries = [new RegistryEndpoint { Host = Host, PlainHttp = true }] };

    /// <summary>Has no credentials, and ends with the registry.</summary>
    public RegistryClient Client => new(_transport ??= new RegistryTransport(Options), RegistryCredentials.None);

    private static string? Program => new[] { Environment.GetEnvironmentVariable("KUBEBUILDER_ASSETS"), "/usr/bin", "/usr/local/bin" }
        .Where(folder => folder is not null)
        .Select(folder => Path.Combine(folder!, "docker-registry"))
        .FirstOrDefault(File.Exists);

    /// <summary>Where the program is missing, the test is skipped, and fails in CI, with what to do.</summary>
    /// <param name="cancellationToken">Ends the wait for the start.</param>
    /// <param name="authentication">Lets in <see cref="User"/> alone.</param>
    /// <param name="deletion">Whether manifests can be deleted.</param>
    /// <param name="more">Further sections of its configuration, a line each.</param>
    public static async Task<DebianRegistry> StartAsync(
        CancellationToken cancellationToken, bool authentication = false, bool deletion = true, params string[] more)
    {
        const string Missing =
            "no docker-registry: run `export KUBEBUILDER_ASSETS=$(hack/cluster/assets)`, or `apt-get install docker-registry`";
        if (Program is null && Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.Fail(Missing);
        }

        Assert.SkipWhen(Program is null, Missing);
        var registry = new DebianRegistry();
        try
        {
            await registry.RunAsync(authentication, deletion, more, cancellationToken);
            return registry;
        }
        catch
        {
            await registry.DisposeAsync();
            throw;
        }
    }

    public RepositoryName Repository(string path) => RepositoryName.Parse($"{Host}/{path}");

    /// <summary>Tags an existing manifest in the storage itself, which is quicker than ten thousand requests.</summary>
    public void WriteTags(string path, Contracts.Digest manifest, IEnumerable<string> tags)
    {
        var root = _folder.Combine("storage", "docker", "registry", "v2", "repositories", path, "_manifests", "tags");
        foreach (var tag in tags)
        {
            var current = Directory.CreateDirectory(Path.Combine(root, tag, "current")).FullName;
            File.WriteAllText(Path.Combine(current, "link"), manifest.ToString());
        }
    }

    /// <summary>What the registry says it was asked, as <c>GET /v2/…</c>, since the beginning.</summary>
    public IReadOnlyList<string> AccessLog()
    {
        using var file = new StreamReader(new FileStream(_folder.Combine("log"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return [.. Request().Matches(file.ReadToEnd()).Select(match => match.Groups[1].Value)];
    }

    public async ValueTask DisposeAsync()
    {
        _transport?.Dispose();
        await (_process?.DisposeAsync() ?? default);
        _folder.Dispose();
    }

    private async Task RunAsync(bool authentication, bool deletion, string[] more, CancellationToken cancellationToken)
    {
        await File.WriteAllTextAsync(_folder.Combine("users"), HtpasswdLine + "\n", cancellationToken);
        await File.WriteAllLinesAsync(
            _folder.Combine("registry.yaml"),
            [
                "version: 0.1",
                "log: {level: info, accesslog: {disabled: false}}",
                "storage:",
                $"  filesystem: {{rootdirectory: \"{_folder.Combine("storage")}\"}}",
                $"  delete: {{enabled: {(deletion ? "true" : "false")}}}",
                "http: {addr: \"127.0.0.1:0\", secret: test}",
                authentication ? $"auth: {{htpasswd: {{realm: test, path: \"{_folder.Combine("users")}\"}}}}" : "",
                .. more,
            ],
            cancellationToken);
        _process = ChildProcess.Start(_folder.Combine("log"), Program!, "serve", _folder.Combine("registry.yaml"));
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            // It takes a free port and tells in its log which.
            var log = File.Exists(_folder.Combine("log")) ? await File.ReadAllTextAsync(_folder.Combine("log"), cancellationToken) : "";
            if (Listening().Match(log) is { Success: true } listening)
            {
                Host = RegistryHost.Parse($"127.0.0.1:{listening.Groups[1].Value}");
                return;
            }

            if (TimeProvider.System.GetElapsedTime(began) > _startLimit)
            {
                throw new InvalidOperationException($"docker-registry did not start:\n{log}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
        }
    }

    [GeneratedRegex(@"listening on 127\.0\.0\.1:(\d+)")]
    private static partial Regex Listening();

    [GeneratedRegex("\"((?:GET|HEAD|PUT|POST|PATCH|DELETE) /v2/[^ ]*) HTTP/1.1\"")]
    private static partial Regex Request();
}
