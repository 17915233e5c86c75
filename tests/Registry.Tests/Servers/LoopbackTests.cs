using IrisOperator.Registry.Authentication;

namespace IrisOperator.Registry.Tests.Servers;

/// <summary>Tests with servers of their own on loopback ports, which end with the test.</summary>
/// <typeparam name="TTime">The clients' clock.</typeparam>
public abstract class LoopbackTests<TTime> : IAsyncDisposable
    where TTime : TimeProvider, new()
{
    private readonly List<IDisposable> _disposables = [];
    private readonly List<LoopbackServer> _servers = [];

    private protected TTime Time { get; } = new();

    private protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (var one in _disposables)
        {
            one.Dispose();
        }

        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    private protected LoopbackServer Serve(Func<Exchange, Task> handle) => Keep(new LoopbackServer(handle));

    private protected LoopbackServer Keep(LoopbackServer server)
    {
        _servers.Add(server);
        return server;
    }

    private protected RegistryClient Client(RegistryOptions options, RegistryCredentials? credentials = null)
    {
        var transport = new RegistryTransport(options, Time);
        _disposables.Add(transport);
        return new RegistryClient(transport, credentials ?? RegistryCredentials.None);
    }
}
