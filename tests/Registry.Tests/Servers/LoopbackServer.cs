using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace IrisOperator.Registry.Tests.Servers;

/// <summary>
/// An HTTP server on a loopback port that does whatever a test says, one request a connection, and keeps what it was asked.
/// </summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<Exchange> _requests = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Func<Exchange, Task> _handle;
    private readonly X509Certificate2? _certificate;
    private readonly Task _accepting;
    private int _accepted;

    public LoopbackServer(Func<Exchange, Task> handle, X509Certificate2? certificate = null)
    {
        (_handle, _certificate) = (handle, certificate);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public RegistryHost Host => RegistryHost.Parse($"127.0.0.1:{Port}");

    public RepositoryName Repository => RepositoryName.Parse($"127.0.0.1:{Port}/iris");

    public IReadOnlyList<Exchange> Requests => [.. _requests];

    public IReadOnlyList<string> Lines => [.. _requests.Select(request => $"{request.Method} {request.Target}")];

    /// <summary>Whether or not they became requests.</summary>
    public int Connections => _accepted;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Interlocked.Increment(ref _accepted);
                _connections.Add(ServeAsync(client));
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using var _ = client;
            Stream stream = client.GetStream();
            if (_certificate is not null)
            {
                var tls = new SslStream(stream);
                await tls.AuthenticateAsServerAsync(_certificate);
                stream = tls;
            }

            await using (stream)
            {
                var exchange = await Exchange.ReadAsync(stream, client, _stop.Token);
                if (exchange is not null)
                {
                    _requests.Enqueue(exchange);
                    await _handle(exchange);
                }
            }
        }
        catch (Exception error)
            when (error is IOException or SocketException or AuthenticationException
                or OperationCanceledException or ObjectDisposedException)
        {
            // The client went away, or the test is over.
        }
    }
}

/// <summary>One request and the way to answer it.</summary>
internal sealed class Exchange(
    string method,
    string target,
    Dictionary<string, string> headers,
    byte[] body,
    Stream stream,
    TcpClient client,
    CancellationToken stopping)
{
    public string Method => method;

    public string Target => target;

    public string Path => target.Split('?')[0];

    public byte[] Body => body;

    public string Text => Encoding.UTF8.GetString(body);

    public CancellationToken Stopping => stopping;

    public string? this[string header] => headers.GetValueOrDefault(header);

    public static async Task<Exchange?> ReadAsync(Stream stream, TcpClient client, CancellationToken stopping)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (!(head.Count >= 4 && head[^1] == '\n' && head[^3] == '\n'))
        {
            if (await stream.ReadAsync(one, stopping) == 0)
            {
                return null;
            }

            head.Add(one[0]);
        }

        var lines = Encoding.ASCII.GetString([.. head]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines.Skip(1)
            .Select(line => line.Split(':', 2))
            .ToDictionary(pair => pair[0], pair => pair[1].Trim(), StringComparer.OrdinalIgnoreCase);
        var body = new byte[headers.TryGetValue("Content-Length", out var length) ? int.Parse(length, CultureInfo.InvariantCulture) : 0];
        var first = lines[0].Split(' ');
        if (headers.ContainsKey("X-Cut-Body"))
        {
            return null;
        }

        await stream.ReadExactlyAsync(body, stopping);
        return new Exchange(first[0], first[1], headers, body, stream, client, stopping);
    }

    public Task AnswerAsync(int code, params (string Name, string Value)[] with) => AnswerAsync(code, [], with);

    public Task AnswerAsync(int code, string content, params (string Name, string Value)[] with) =>
        AnswerAsync(code, Encoding.UTF8.GetBytes(content), with);

    public async Task AnswerAsync(int code, byte[] content, params (string Name, string Value)[] with)
    {
        await StartAsync(code, [("Content-Length", content.Length.ToString(CultureInfo.InvariantCulture)), .. with]);
        if (Method != "HEAD")
        {
            await WriteAsync(content);
        }
    }

    /// <summary>The head of an answer; what follows is the test's to write.</summary>
    public Task StartAsync(int code, params (string Name, string Value)[] with)
    {
        var head = new StringBuilder($"HTTP/1.1 {code} Status\r\nConnection: close\r\n");
        foreach (var (name, value) in with)
        {
            head.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        return WriteAsync(Encoding.UTF8.GetBytes(head.Append("\r\n").ToString()));
    }

    public async Task WriteAsync(byte[] bytes)
    {
        await stream.WriteAsync(bytes, stopping);
        await stream.FlushAsync(stopping);
    }

    /// <summary>As a crashed registry or a balancer does it.</summary>
    public Task ResetAsync()
    {
        client.LingerState = new LingerOption(true, 0);
        client.Close();
        return Task.CompletedTask;
    }

    public Task HangAsync() => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stopping);
}
