using System.Security.Authentication;
using System.Security.Cryptography;
using IrisOperator.Registry.Wire;

namespace IrisOperator.Registry;

/// <summary>Connections and limits, shared by clients with different credentials. One for a process.</summary>
public sealed class RegistryTransport : IDisposable
{
    private readonly HttpHandlers _handlers;

    /// <param name="options">Null for the defaults.</param>
    /// <param name="time">Null for the system's.</param>
    /// <exception cref="ArgumentException">A registry is named twice.</exception>
    public RegistryTransport(RegistryOptions? options = null, TimeProvider? time = null)
    {
        Options = options ?? new RegistryOptions();
        Time = time ?? TimeProvider.System;
        Endpoints = new Endpoints(Options);
        Retries = new RegistryRetries(Options, Time);
        _handlers = new HttpHandlers(Options, Endpoints);
    }

    public RegistryOptions Options { get; }

    internal TimeProvider Time { get; }

    internal Endpoints Endpoints { get; }

    internal RegistryRetries Retries { get; }

    public void Dispose() => _handlers.Dispose();

    /// <summary>Sends as it is: no credentials are added, no redirect is followed, nothing is repeated.</summary>
    /// <param name="message">With an absolute address.</param>
    /// <param name="refused">What it is called when the name leads to an address that is not allowed.</param>
    /// <param name="asked">For messages.</param>
    /// <param name="cancellationToken">Until the headers are there.</param>
    internal async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage message, RegistryProblem refused, string asked, CancellationToken cancellationToken)
    {
        var origin = Origin.Of(message.RequestUri!);
        message.Headers.TryAddWithoutValidation("User-Agent", Options.UserAgent);
        try
        {
            return await _handlers.For(origin).SendAsync(message, cancellationToken);
        }
        catch (Exception error) when (error is HttpRequestException or IOException or FormatException)
        {
            throw Failure(error, origin, refused, asked);
        }
    }

    private static RegistryException Failure(Exception error, Origin origin, RegistryProblem refused, string asked)
    {
        for (var cause = error; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case RefusedAddressException:
                    return new RegistryException(
                        refused,
                        $"{asked}: {cause.Message}; only a registry that the operator's administrator has named may be there", error);
                case AuthenticationException or CryptographicException or FileNotFoundException or DirectoryNotFoundException:
                    return new RegistryException(
                        RegistryProblem.Untrusted,
                        $"{asked}: no trusted TLS connection to {origin}: {cause.Message}; "
                        + "name the file of its certificate authority, or plain http",
                        error);
                case HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded }:
                    return new RegistryException(RegistryProblem.TooLarge, $"{asked}: the answer's headers are too long", error);
                case HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse }:
                    return new RegistryException(RegistryProblem.InvalidAnswer, $"{asked}: {origin} does not answer in HTTP", error);
            }
        }

        return new RegistryException(RegistryProblem.Unreachable, $"{asked}: no connection to {origin}: {error.Message}", error);
    }
}
