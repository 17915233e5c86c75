using System.ComponentModel;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using k8s.Authentication;
using k8s.Exceptions;
using k8s.KubeConfigModels;

namespace IrisOperator.Kube.Runtime.Client;

/// <summary>A provider of tokens as the package knows it that can be told of a refusal, and the client certificate.</summary>
public abstract class RotatingCredentials : ITokenProvider
{
    /// <summary>For the next handshake; null for none.</summary>
    public virtual X509Certificate2? Certificate => null;

    /// <returns>Null where no token is sent.</returns>
    public abstract Task<AuthenticationHeaderValue?> GetAuthenticationHeaderAsync(CancellationToken cancellationToken);

    /// <summary>The server answered 401 to the header: what is kept of it is forgotten.</summary>
    public virtual void Renew(AuthenticationHeaderValue? refused)
    {
    }
}

/// <summary>A client certificate from files or from the kubeconfig itself, read again at each handshake, with or without a token.</summary>
public sealed class CertificateCredentials(string? token, Func<X509Certificate2> read) : RotatingCredentials
{
    private readonly Rotating<X509Certificate2> _certificate = new(read);
    private readonly Task<AuthenticationHeaderValue?> _header =
        Task.FromResult(string.IsNullOrEmpty(token) ? null : new AuthenticationHeaderValue("Bearer", token));

    public override X509Certificate2? Certificate => _certificate.Value;

    public override Task<AuthenticationHeaderValue?> GetAuthenticationHeaderAsync(CancellationToken cancellationToken) => _header;
}

/// <summary>
/// A file that kubelet replaces: the package's reader reads it every minute, but keeps a refused token until then and fails while kubelet
/// swaps the volume's folder.
/// </summary>
public sealed class TokenFileCredentials(string path) : RotatingCredentials
{
    private TokenFileAuth _reader = new(path);
    private AuthenticationHeaderValue? _last;

    public override async Task<AuthenticationHeaderValue?> GetAuthenticationHeaderAsync(CancellationToken cancellationToken)
    {
        try
        {
            var read = await Volatile.Read(ref _reader).GetAuthenticationHeaderAsync(cancellationToken);
            _last = read.Parameter is { Length: > 0 } ? read : _last ?? throw new IOException($"{path} is empty");
        }
        catch (Exception error) when (_last is not null && error.GetBaseException() is IOException or UnauthorizedAccessException)
        {
            // The old token is valid for a good while longer.
        }

        return _last;
    }

    public override void Renew(AuthenticationHeaderValue? refused) => Volatile.Write(ref _reader, new TokenFileAuth(path));
}

/// <summary>
/// Runs a plugin (client.authentication.k8s.io) and keeps its answer until shortly before it expires, or until a refusal.
/// </summary>
/// <remarks>
/// The package's provider runs the plugin before the first request and blocks a thread, joins arguments by spaces, waits for the end
/// before it reads, prints what the plugin said, and renews neither certificates nor refused tokens. Process and answer are its own.
/// </remarks>
internal sealed class ExecCredentials(
    ExternalExecution plugin, ClusterEndpoint server, Func<X509Certificate2Collection>? authorities, TimeProvider time)
    : RotatingCredentials, IDisposable
{
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(1);

    // Renewed early: a token that expires under way costs a 401 and a second request.
    private static readonly TimeSpan _margin = TimeSpan.FromSeconds(30);
    private readonly SemaphoreSlim _one = new(1, 1);
    private Answer? _current;

    public override X509Certificate2? Certificate => Volatile.Read(ref _current)?.Certificate;

    public override async Task<AuthenticationHeaderValue?> GetAuthenticationHeaderAsync(CancellationToken cancellationToken)
    {
        if (Current() is { } kept)
        {
            return kept.Header;
        }

        await _one.WaitAsync(cancellationToken);
        try
        {
            var fresh = Current() ?? Parse(await RunAsync(cancellationToken));
            Volatile.Write(ref _current, fresh);
            return fresh.Header;
        }
        finally
        {
            _one.Release();
        }
    }

    public override void Renew(AuthenticationHeaderValue? refused)
    {
        // Another request may have renewed it meanwhile.
        if (Volatile.Read(ref _current) is { } current && Equals(current.Header, refused))
        {
            Interlocked.CompareExchange(ref _current, null, current);
        }
    }

    public void Dispose() => _one.Dispose();

    private Answer? Current() => Volatile.Read(ref _current) is { } kept && time.GetUtcNow() < kept.Expires ? kept : null;

    private static Answer Parse(string output)
    {
        try
        {
            var status = JsonSerializer.Deserialize(output, ExecJsonContext.Default.ExecCredentialResponse)?.Status;
            var header = string.IsNullOrEmpty(status?.Token) ? null : new AuthenticationHeaderValue("Bearer", status.Token);
            var certificate = string.IsNullOrEmpty(status?.ClientCertificateData)
                ? null
                : X509Certificate2.CreateFromPem(status.ClientCertificateData, status.ClientKeyData);
            return header is null && certificate is null
                ? throw new FormatException("neither token nor certificate")
                : new Answer(header, certificate, (status!.ExpirationTimestamp?.ToUniversalTime() - _margin) ?? DateTimeOffset.MaxValue);
        }
        catch (Exception error) when (error is JsonException or FormatException or CryptographicException or ArgumentException)
        {
            // Neither the output nor the inner message is shown: the output is a secret.
            throw new KubeConfigException("the credential plugin did not print an ExecCredential with a token or a certificate");
        }
    }

    private async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_limit, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var process = Start();
        try
        {
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(linked.Token);
            var errors = process.StandardError.ReadToEndAsync(linked.Token);
            await process.WaitForExitAsync(linked.Token);
            return process.ExitCode == 0
                ? await output
                : throw new KubeConfigException(
                    $"credential plugin {plugin.Command} exited with {process.ExitCode}: {(await errors).Trim()}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new KubeConfigException($"credential plugin {plugin.Command} did not end within {_limit.TotalSeconds} s");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private Process Start()
    {
        var process = KubernetesClientConfiguration.CreateRunnableExternalProcess(plugin);
        var start = process.StartInfo;
        start.RedirectStandardInput = start.RedirectStandardError = true;
        start.Arguments = "";
        foreach (var argument in plugin.Arguments ?? [])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["KUBERNETES_EXEC_INFO"] = Info().ToJsonString();
        try
        {
            process.Start();
            return process;
        }
        catch (Win32Exception error)
        {
            process.Dispose();
            throw new KubeConfigException($"cannot run credential plugin {plugin.Command}: {error.Message}. {plugin.InstallHint}".Trim());
        }
    }

    private JsonObject Info()
    {
        var spec = new JsonObject { ["interactive"] = false };
        if (plugin.ProvideClusterInfo)
        {
            spec["cluster"] = new JsonObject
            {
                ["server"] = server.Server,
                ["tls-server-name"] = server.TlsServerName,
                ["insecure-skip-tls-verify"] = server.SkipTlsVerify,
                ["certificate-authority-data"] =
                    authorities is null ? null : Convert.ToBase64String(Encoding.UTF8.GetBytes(authorities().ExportCertificatePems())),
            };
        }

        return new JsonObject { ["apiVersion"] = plugin.ApiVersion, ["kind"] = "ExecCredential", ["spec"] = spec };
    }

    /// <summary>Not a record: it would print the token.</summary>
    private sealed class Answer(AuthenticationHeaderValue? header, X509Certificate2? certificate, DateTimeOffset expires)
    {
        public AuthenticationHeaderValue? Header { get; } = header;

        public X509Certificate2? Certificate { get; } = certificate;

        public DateTimeOffset Expires { get; } = expires;
    }
}

/// <summary>The package's model of a plugin's answer, for which its own source-generated JSON has no code.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ExecCredentialResponse))]
internal sealed partial class ExecJsonContext : JsonSerializerContext;
