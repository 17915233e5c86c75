using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using IrisOperator.Registry.Wire;

namespace IrisOperator.Registry;

/// <summary>
/// Connections and limits, shared by clients with different credentials. One for a process, with a pool of connections for each
/// certificate bundle, none of which follows redirects, uses a proxy or keeps a cookie.
/// </summary>
public sealed class RegistryTransport : IDisposable
{
    private readonly ConcurrentDictionary<string, HttpMessageInvoker> _pools = new();
    private readonly AddressRules _rules;

    /// <exception cref="ArgumentException">A registry is named twice.</exception>
    public RegistryTransport(RegistryOptions? options = null, TimeProvider? time = null)
    {
        Options = options ?? new RegistryOptions();
        Time = time ?? TimeProvider.System;
        Endpoints = new Endpoints(Options);
        Retries = new RegistryRetries(Options, Time);
        _rules = new AddressRules(Options.DeniedNetworks);
    }

    public RegistryOptions Options { get; }

    internal TimeProvider Time { get; }

    internal Endpoints Endpoints { get; }

    internal RegistryRetries Retries { get; }

    public void Dispose()
    {
        foreach (var pool in _pools.Values)
        {
            pool.Dispose();
        }
    }

    /// <summary>Sends as it is: no credentials are added, no redirect is followed, nothing is repeated.</summary>
    /// <param name="refused">What it is called when the name leads to an address that is not allowed.</param>
    internal async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage message, RegistryProblem refused, string asked, CancellationToken cancellationToken)
    {
        var origin = Origin.Of(message.RequestUri!);
        message.Headers.TryAddWithoutValidation("User-Agent", Options.UserAgent);
        try
        {
            var authorities = Endpoints.Named(origin)?.CertificateAuthorityFile ?? Options.CertificateAuthorityFile ?? "";
            return await _pools.GetOrAdd(authorities, Create).SendAsync(message, cancellationToken);
        }
        catch (Exception error) when (error is HttpRequestException or IOException or FormatException)
        {
            throw Failure(error, origin, refused, asked);
        }
    }

    private HttpMessageInvoker Create(string authorities)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false, // It would resolve names itself, past the check of addresses.
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
        var isLiteral = IPAddress.TryParse(host.Trim('[', ']'), out var address);
        var resolved = isLiteral ? [address!] : await Options.Resolve(host, cancellationToken);
        var named = Endpoints.IsNamed(host, port);
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

    private static RegistryException Failure(Exception error, Origin origin, RegistryProblem refused, string asked)
    {
        for (var cause = error; cause is not null; cause = cause.InnerException)
        {
            var (problem, what) = cause switch
            {
                RefusedAddressException =>
                    (refused, $"{cause.Message}; only a registry that the operator's administrator has named may be there"),
                AuthenticationException or CryptographicException or FileNotFoundException or DirectoryNotFoundException =>
                    (RegistryProblem.Untrusted, $"no trusted TLS connection to {origin}: {cause.Message}; "
                        + "name the file of its certificate authority, or plain http"),
                HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } =>
                    (RegistryProblem.TooLarge, "the answer's headers are too long"),
                HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } =>
                    (RegistryProblem.InvalidAnswer, $"{origin} does not answer in HTTP"),
                _ => (RegistryProblem.Unreachable, null),
            };
            if (what is not null)
            {
                return new RegistryException(problem, $"{asked}: {what}", error);
            }
        }

        return new RegistryException(RegistryProblem.Unreachable, $"{asked}: no connection to {origin}: {error.Message}", error);
    }
}
