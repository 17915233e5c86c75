using System.Net;
using System.Net.Sockets;
using IrisOperator.Registry;

namespace IrisOperator.TrainerImage.Tests.Publishing;

/// <summary>Between a client and its registry: counts the bytes of either direction, and can be away.</summary>
internal sealed class RegistryProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _connections = [];
    private readonly int _port;
    private readonly Task _accepting;
    private long _sent;
    private long _received;
    private int _refused;

    /// <param name="registry">On the loopback.</param>
    /// <param name="refusals">How many connections end before a byte, until the registry is back.</param>
    public RegistryProxy(RegistryHost registry, int refusals = 0)
    {
        (_port, Refusals) = (registry.Port!.Value, refusals);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public RegistryHost Host => RegistryHost.Parse($"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    public int Refusals { get; }

    public int Refused => _refused;

    /// <summary>By the client.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>By the client.</summary>
    public long Received => Interlocked.Read(ref _received);

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
        while (true)
        {
            try
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                if (_refused < Refusals)
                {
                    _refused++;
                    client.Dispose();
                    continue;
                }

                _connections.Add(ServeAsync(client));
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException or InvalidOperationException)
            {
                // Stopped while it listened, or before it did again.
                return;
            }
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using var _ = client;
            using var registry = new TcpClient { NoDelay = true };
            client.NoDelay = true;
            await registry.ConnectAsync(IPAddress.Loopback, _port, _stop.Token);
            var there = CopyAsync(client.GetStream(), registry.GetStream(), n => Interlocked.Add(ref _sent, n));
            var back = CopyAsync(registry.GetStream(), client.GetStream(), n => Interlocked.Add(ref _received, n));
            await Task.WhenAny(there, back);
            client.Close();
            registry.Close();
            await Task.WhenAll(there, back);
        }
        catch (Exception error) when (error is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One of the two went away.
        }
    }

    private async Task CopyAsync(Stream from, Stream to, Action<int> count)
    {
        var buffer = new byte[64 << 10];
        while (await from.ReadAsync(buffer, _stop.Token) is > 0 and var read)
        {
            count(read);
            await to.WriteAsync(buffer.AsMemory(0, read), _stop.Token);
        }
    }
}
