using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace IrisOperator.Kube.Authentication;

/// <summary>Runs a plugin and keeps its answer until shortly before it expires. One run at a time.</summary>
internal sealed class ExecCredentials(ExecPlugin plugin, TimeProvider time) : CredentialSource, IDisposable
{
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(1);

    // Renewed early: a token that expires under way costs a 401 and a second request.
    private static readonly TimeSpan _margin = TimeSpan.FromSeconds(30);
    private readonly SemaphoreSlim _one = new(1, 1);
    private Credentials? _current;
    private DateTimeOffset _expires;

    public override ValueTask<Credentials> GetAsync(CancellationToken cancellationToken)
    {
        var current = Volatile.Read(ref _current);
        return current is not null && time.GetUtcNow() < _expires ? new(current) : new(RenewAsync(cancellationToken));
    }

    public override bool Refused(Credentials credentials) =>
        Interlocked.CompareExchange(ref _current, null, credentials) == credentials || _current is not null;

    public void Dispose() => _one.Dispose();

    internal static (Credentials Credentials, DateTimeOffset Expires) Parse(string output)
    {
        try
        {
            using var document = JsonDocument.Parse(output);
            var status = document.RootElement.GetProperty("status");
            var expires = status.TryGetProperty("expirationTimestamp", out var until) && until.ValueKind == JsonValueKind.String
                ? until.GetDateTimeOffset() - _margin
                : DateTimeOffset.MaxValue;
            var certificate = Text(status, "clientCertificateData") is { } pem
                ? X509Certificate2.CreateFromPem(pem, Text(status, "clientKeyData"))
                : null;
            return (new Credentials(Text(status, "token"), certificate), expires);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            // Neither the output nor the inner message is shown: the output is a secret.
            throw new KubeConfigException("the credential plugin did not print an ExecCredential with a status");
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.GetString() is { Length: > 0 } text ? text : null;

    private async Task<Credentials> RenewAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_current is not null && time.GetUtcNow() < _expires)
            {
                return _current;
            }

            (var fresh, _expires) = Parse(await RunAsync(cancellationToken));
            Volatile.Write(ref _current, fresh);
            return fresh;
        }
        finally
        {
            _one.Release();
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
        var start = new ProcessStartInfo(plugin.Command, plugin.Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in plugin.Environment)
        {
            start.Environment[name] = value;
        }

        var cluster = plugin.ClusterInfo is null ? "" : $",\"cluster\":{plugin.ClusterInfo}";
        start.Environment["KUBERNETES_EXEC_INFO"] =
            $"{{\"apiVersion\":\"{plugin.ApiVersion}\",\"kind\":\"ExecCredential\",\"spec\":{{\"interactive\":false{cluster}}}}}";
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new KubeConfigException($"cannot run credential plugin {plugin.Command}: {error.Message}. {plugin.InstallHint}".Trim());
        }
    }
}
