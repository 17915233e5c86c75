using System.Net;
using System.Net.Sockets;
using System.Text;

namespace IrisOperator.Operator.Hosting;

/// <summary>
/// Answers a fixed set of paths, one request a connection. Enough for kubelet, Prometheus and the notifications of registries.
/// </summary>
/// <remarks>
/// Kestrel would do, at the price of some 20 MB of memory and a tenth of a second at the start (docs/benchmarks.md).
/// Listens on every address: kubelet probes the pod's, IPv4 on most clusters and IPv6 on some.
/// Guarantees: a slow or silent client holds a connection for at most five seconds, and there are at most 32 of them.
/// </remarks>
public sealed class HealthServer(int port, Func<HttpExchange, HealthServer.Answer?> answer, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // Not new TcpListener(IPv6Any): that one refuses IPv4 unless it is told to be dual, and kubelet then kills the pod.
    private readonly TcpListener _listener = TcpListener.Create(port);
    private readonly SemaphoreSlim _slots = new(32);

    /// <summary>What a path answers.</summary>
    public sealed record Answer(int Status, string Body, string ContentType = "text/plain; charset=utf-8");

    /// <summary>Where it listens once started; differs from the port asked for when that was 0.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <exception cref="SocketException">The port is taken.</exception>
    public void Start() => _listener.Start();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await _slots.WaitAsync(cancellationToken);
                var client = await _listener.AcceptTcpClientAsync(cancellationToken);
                _ = ServeAsync(client, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (SocketException) when (!cancellationToken.IsCancellationRequested)
            {
                // The client went away between its packet and our accept.
                _slots.Release();
            }
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        _slots.Dispose();
    }

    private async Task ServeAsync(TcpClient client, CancellationToken cancellationToken)
    {
        using var _ = client;
        using var patience = new CancellationTokenSource(Patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            var stream = client.GetStream();
            if (await RequestReader.ReadAsync(stream, both.Token) is { } request)
            {
                await stream.WriteAsync(Encode(answer(request) ?? new Answer(404, "not found\n")), both.Token);
            }
        }
        catch (Exception error) when (error is IOException or SocketException or OperationCanceledException)
        {
            // The client is gone or too slow: there is nobody to tell.
        }
        finally
        {
            if (!cancellationToken.IsCancellationRequested)
            {
                _slots.Release();
            }
        }
    }

    private static byte[] Encode(Answer answer)
    {
        var reason = answer.Status switch
        {
            200 => "OK",
            400 => "Bad Request",
            401 => "Unauthorized",
            404 => "Not Found",
            _ => "Service Unavailable",
        };
        var body = Encoding.UTF8.GetBytes(answer.Body);
        var head = $"HTTP/1.1 {answer.Status} {reason}\r\nContent-Type: {answer.ContentType}\r\n"
            + $"Content-Length: {body.Length}\r\nConnection: close\r\n\r\n";
        return [.. Encoding.ASCII.GetBytes(head), .. body];
    }
}
