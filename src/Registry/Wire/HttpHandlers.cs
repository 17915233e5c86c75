using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace IrisOperator.Registry.Wire;

/// <summary>Connections: one pool for each certificate bundle, none of which follows redirects, uses a proxy or keeps a cookie.</summary>
internal sealed class HttpHandlers(RegistryOptions options, Endpoints endpoints) : IDisposable
{
    private readonly ConcurrentDictionary<string, HttpMessageInvoker> _pools = new();
    private readonly AddressRules _rules = new(options.DeniedNetworks);

    public HttpMessageInvoker For(Origin origin)
    {
        var authorities = endpoints.Named(origin)?.CertificateAuthorityFile ?? options.CertificateAuthorityFile;
        return _pools.GetOrAdd(authorities ?? "", Create);
    }

    public void Dispose()
    {
        foreach (var pool in _pools.Values)
        {
            pool.Dispose();
        }
    }

    private HttpMessageInvoker Create(string authorities)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,

            // A proxy would resolve names itself, past the check of addresses.
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            MaxResponseHeadersLength = 64,
            MaxResponseDrainSize = 0,
            ConnectCallback = ConnectAsync,
        };
        if (authorities.Length > 0)
        {
            var bundle = new CertificateBundle(authorities);
            handler.SslOptions.RemoteCertificateValidationCallback = (_, leaf, chain, errors) => bundle.Validate(leaf, chain, errors);
        }

        return new HttpMessageInvoker(handler);
    }

    // Resolves, checks, and connects to a checked address: resolving a second time could give another one (DNS rebinding).
    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var host = context.DnsEndPoint.Host.ToLowerInvariant();
        var port = context.DnsEndPoint.Port;
        var literal = IPAddress.TryParse(host.Trim('[', ']'), out var address);
        var resolved = literal ? [address!] : await options.Resolve(host, cancellationToken);
        var named = endpoints.IsNamed(host, port);
        var allowed = resolved.Where(one => _rules.Allows(one, named)).ToArray();
        if (allowed.Length == 0 && resolved.Length > 0)
        {
            var addresses = string.Join(", ", resolved.Take(3).Select(one => one.ToString()));
            throw new RefusedAddressException($"{host} is at {addresses}, a private, link-local, loopback or denied address");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
