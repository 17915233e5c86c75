using System.Globalization;
using IrisOperator.Registry.Authentication;
using IrisOperator.Registry.Tests.Servers;
using IrisOperator.Testing;

namespace IrisOperator.Registry.Tests.Hostile;

/// <summary>What a registry could do to us, one rule a test. Nothing may leak a credential, reach a forbidden address or run on.</summary>
public abstract class HostileRegistry : IAsyncDisposable
{
    private readonly List<IDisposable> _disposables = [];
    private readonly List<LoopbackServer> _servers = [];

    private protected ManualTimeProvider Time { get; } = new();

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

    private protected static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

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

    private protected async Task RefusedAsync(RegistryProblem expected, LoopbackServer registry, params LoopbackServer[] alsoNamed)
    {
        var client = Client(Registries.Named([registry, .. alsoNamed]), Registries.Credentials(registry));
        var error = await Assert.ThrowsAsync<RegistryException>(() => client.GetManifestAsync(registry.Repository.With(Tag.Parse("1.0.0")), Stop));
        Assert.Equal(expected, error.Problem);
        Assert.DoesNotContain(Registries.Secret, error.ToString(), StringComparison.Ordinal);
    }

    private protected async Task ListRefusedAsync(RegistryProblem expected, LoopbackServer registry, RegistryOptions options)
    {
        var client = Client(options);
        var error = await Assert.ThrowsAsync<RegistryException>(() => client.ListTagsAsync(registry.Repository, Stop).ToListAsync(Stop).AsTask());
        Assert.Equal(expected, error.Problem);
    }
}
