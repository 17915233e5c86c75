using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using IrisOperator.Registry.Authentication;
using IrisOperator.Testing;
using IrisOperator.Testing.ControlPlane;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace IrisOperator.EndToEnd.Tests.Harness;

/// <summary>
/// Debian's docker-registry with a password, as companies run it: behind a proxy that speaks TLS with a certificate of the house, and hands
/// out tokens where asked to. The proxy also fails on demand. The machine, the node and the pods all reach it.
/// </summary>
internal sealed class PrivateRegistry : IAsyncDisposable
{
    private readonly DebianRegistry _registry;
    private readonly X509Certificate2 _certificate;
    private readonly IPAddress _address;
    private readonly bool _tokens;
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
    private readonly ConcurrentDictionary<string, bool> _issued = [];
    private readonly ConcurrentQueue<string> _asked = [];
    private WebApplication? _proxy;
    private int _port;

    private PrivateRegistry(DebianRegistry registry, X509Certificate2 certificate, IPAddress address, bool tokens) =>
        (_registry, _certificate, _address, _tokens) = (registry, certificate, address, tokens);

    public static RegistryCredential Login => RegistryCredential.Password(DebianRegistry.User, DebianRegistry.Password);

    /// <summary>Host and port.</summary>
    public string Host => $"{_address}:{_port}";

    public Fault Fault { get; private set; }

    /// <summary>User agents of all requests, in their order.</summary>
    public IReadOnlyCollection<string> Asked => _asked;

    /// <param name="address">Of this machine.</param>
    /// <param name="authority">Signs its certificate.</param>
    /// <param name="tokens">
    /// True: the proxy asks for tokens and gives them for the password. False: the registry asks for the password.
    /// </param>
    /// <param name="more">Further sections of the registry's configuration.</param>
    public static async Task<PrivateRegistry> StartAsync(IPAddress address, TestAuthority authority, bool tokens, params string[] more)
    {
        var registry = await DebianRegistry.StartAsync(TestContext.Current.CancellationToken, authentication: !tokens, more: more);
        var (certificate, key) = authority.IssueServer(address);
        var own = new PrivateRegistry(registry, X509Certificate2.CreateFromPem(certificate, key), address, tokens);
        await own.ListenAsync();
        return own;
    }

    public async Task FailAsync(Fault fault)
    {
        var before = Fault;
        Fault = fault;
        if (fault == Fault.Down)
        {
            await StopListeningAsync();
        }
        else if (before == Fault.Down)
        {
            await ListenAsync();
        }
    }

    /// <summary>A repository, for the registry's owner: past the proxy and its faults.</summary>
    public PublishedImages Images(string path) =>
        new(_registry.Host, _tokens ? RegistryCredentials.None : RegistryCredentials.For(_registry.Host, Login), path);

    public async ValueTask DisposeAsync()
    {
        await StopListeningAsync();
        await _registry.DisposeAsync();
        _client.Dispose();
        _certificate.Dispose();
    }

    private async Task ListenAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(_address, _port, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.UseHttps(_certificate);
            });
        });
        _proxy = builder.Build();
        _proxy.Run(AnswerAsync);
        await _proxy.StartAsync(TestContext.Current.CancellationToken);
        _port = new Uri(_proxy.Urls.Single()).Port;
    }

    private async Task StopListeningAsync()
    {
        if (_proxy is { } proxy)
        {
            _proxy = null;
            using var now = new CancellationTokenSource();
            await now.CancelAsync();
            await proxy.StopAsync(now.Token);
            await proxy.DisposeAsync();
        }
    }

    private Task AnswerAsync(HttpContext context)
    {
        _asked.Enqueue(context.Request.Headers.UserAgent.ToString());
        return Fault switch
        {
            Fault.Unauthorized => RefuseAsync(context, 401),
            Fault.RateLimited => RefuseAsync(context, 429, "Retry-After", "5"),
            Fault.ServerError => RefuseAsync(context, 500),
            Fault.Slow => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted),
            _ when _tokens && context.Request.Path == "/token" => GiveTokenAsync(context),
            _ when _tokens && !HasToken(context) => RefuseAsync(
                context, 401, "WWW-Authenticate",
                $"Bearer realm=\"https://{Host}/token\",service=\"iris\",scope=\"{Scope(context.Request.Path)}\""),
            _ => PassOnAsync(context),
        };
    }

    private static Task RefuseAsync(HttpContext context, int status, string? header = null, string? value = null)
    {
        context.Response.StatusCode = status;
        if (header is not null)
        {
            context.Response.Headers[header] = value;
        }

        return Task.CompletedTask;
    }

    // https://distribution.github.io/distribution/spec/auth/token
    private Task GiveTokenAsync(HttpContext context)
    {
        var password = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{DebianRegistry.User}:{DebianRegistry.Password}"));
        if (context.Request.Headers.Authorization != $"Basic {password}")
        {
            return RefuseAsync(context, 401);
        }

        var token = RandomNumberGenerator.GetHexString(32);
        _issued[token] = true;
        return context.Response.WriteAsJsonAsync(new { token, expires_in = 60 }, context.RequestAborted);
    }

    private bool HasToken(HttpContext context) =>
        context.Request.Headers.Authorization.ToString() is ['B', 'e', 'a', 'r', 'e', 'r', ' ', .. var token] && _issued.ContainsKey(token);

    private static string Scope(PathString path)
    {
        var parts = path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var end = Array.FindIndex(parts, part => part is "manifests" or "blobs" or "tags");
        return end < 0 ? "registry:catalog:*" : $"repository:{string.Join('/', parts[1..end])}:pull,push";
    }

    private async Task PassOnAsync(HttpContext context)
    {
        var request = context.Request;
        using var message = new HttpRequestMessage(
            new HttpMethod(request.Method), $"http://{_registry.Host}{request.Path}{request.QueryString}");
        message.Content = request.ContentLength > 0 || request.Headers.TransferEncoding.Count > 0 ? new StreamContent(request.Body) : null;
        foreach (var (name, values) in request.Headers.Where(header => !_tokens || header.Key != "Authorization"))
        {
            if (!message.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
            {
                message.Content?.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
            }
        }

        // So that the addresses of uploads lead back here.
        message.Headers.TryAddWithoutValidation("X-Forwarded-Proto", "https");
        using var answer = await _client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key != "Transfer-Encoding"))
        {
            context.Response.Headers[name] = values.ToArray();
        }

        if (request.Method != "HEAD")
        {
            await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        }
    }
}
