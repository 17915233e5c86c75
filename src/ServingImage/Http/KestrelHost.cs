using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace IrisOperator.ServingImage.Http;

/// <summary>
/// Kestrel by itself: without the generic host, dependency injection, configuration and routing, none of which five
/// fixed paths need. That is half of the start-up time of a host, and less in the image.
/// </summary>
internal sealed class KestrelHost : IDisposable
{
    private readonly KestrelServer _server;

    public KestrelHost(int port, ILoggerFactory loggers)
    {
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Limits.MaxRequestBodySize = BodyReader.MaxDiscard;
        // Behind it: what one idle or slow client can make this process hold.
        options.Limits.MaxRequestBufferSize = BodyReader.MaxLength;
        options.Limits.MaxRequestHeaderCount = 64;
        options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        options.ListenAnyIP(port, listen => listen.Protocols = HttpProtocols.Http1);
        _server = new KestrelServer(
            Options.Create(options),
            new SocketTransportFactory(Options.Create(new SocketTransportOptions()), loggers),
            loggers);
    }

    /// <summary>The port in use, also where 0 left the choice to the system. Known once started.</summary>
    public int Port { get; private set; }

    public async Task StartAsync(ServingApplication application, CancellationToken ct)
    {
        await _server.StartAsync(application, ct);
        Port = new Uri(_server.Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
    }

    /// <summary>Closes the listener, lets requests finish, and aborts what is left when the token says so.</summary>
    public Task StopAsync(CancellationToken ct) => _server.StopAsync(ct);

    public void Dispose() => _server.Dispose();
}
