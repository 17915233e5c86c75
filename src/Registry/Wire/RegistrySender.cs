using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using IrisOperator.Registry.Authentication;

namespace IrisOperator.Registry.Wire;

/// <summary>The one place that asks registries: credentials, redirects, time limits, retries, errors.</summary>
internal sealed class RegistrySender(RegistryTransport transport, RegistryCredentials credentials)
{
    private const int MaxErrorBytes = 16 << 10;
    private readonly Authenticator _authenticator = new(transport, credentials, transport.Time);

    private RegistryOptions Options => transport.Options;

    /// <summary>Sends until there is a good answer or no hope, and lets the answer be read within the same time limit.</summary>
    /// <param name="request">What to ask.</param>
    /// <param name="read">Gets a 2xx answer and where it came from, and owns it.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <exception cref="RegistryException">Everything that can go wrong.</exception>
    public async Task<T> SendAsync<T>(
        RegistryRequest request, Func<HttpResponseMessage, Uri, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        var retries = request.Repeatable ? transport.Retries.Requests : transport.Retries.Steps;
        return await retries.ExecuteAsync(async token => await AttemptAsync(request, read, token), cancellationToken);
    }

    /// <summary>True for 2xx, false for 404.</summary>
    public async Task<bool> FoundAsync(RegistryRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await SendAsync(
                request,
                static (response, _, _) =>
                {
                    response.Dispose();
                    return Task.FromResult(true);
                },
                cancellationToken);
        }
        catch (RegistryException error) when (error.Problem == RegistryProblem.NotFound)
        {
            return false;
        }
    }

    private async Task<T> AttemptAsync<T>(
        RegistryRequest request, Func<HttpResponseMessage, Uri, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Options.RequestTimeout, transport.Time);
        await using var _ = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), limit);
        try
        {
            var (response, address) = await ExchangeAsync(request, () => Extend(limit), limit.Token);
            return response.IsSuccessStatusCode
                ? await read(response, address, limit.Token)
                : throw await RefusalAsync(request, response, limit.Token);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RegistryException(
                RegistryProblem.TooSlow,
                string.Create(CultureInfo.InvariantCulture,
                $"{request}: no complete answer within {Options.RequestTimeout.TotalSeconds} s"),
                error);
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw;
        }
        catch (Exception error) when (error is IOException or HttpRequestException)
        {
            throw new RegistryException(RegistryProblem.Unreachable, $"{request}: the connection broke in the middle of the answer", error);
        }
    }

    private async Task<(HttpResponseMessage Response, Uri Address)> ExchangeAsync(
        RegistryRequest request, Action progressed, CancellationToken cancellationToken)
    {
        var registry = transport.Endpoints.OriginOf(request.Repository.Registry);
        var address = new Uri(
            $"{registry.Scheme}://{registry.Host}:{registry.Port}{request.Target}",
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var header = _authenticator.Known(request, registry);
        var answered = false;
        var redirects = 0;
        while (true)
        {
            // Credentials belong to the registry: a redirect that leads elsewhere does not get them, and no challenge from there is
            // answered.
            var isRegistry = Origin.Of(address) == registry;
            var response = await transport.SendAsync(
                Message(request, address, isRegistry ? header : null, progressed),
                redirects == 0 ? RegistryProblem.RefusedAddress : RegistryProblem.RefusedRedirect, request.ToString(), cancellationToken);
            if (response.StatusCode == HttpStatusCode.Unauthorized && isRegistry && !answered)
            {
                using var refused = response;
                answered = true;
                header = await _authenticator.AnswerAsync(request, registry, refused, header, cancellationToken)
                    ?? throw await RefusalAsync(request, refused, cancellationToken);
            }
            else if (RedirectRules.IsRedirect(response.StatusCode))
            {
                using var redirect = response;
                address = Redirected(request, address, redirect, ++redirects);
            }
            else
            {
                return (response, address);
            }
        }
    }

    private void Extend(CancellationTokenSource limit)
    {
        try
        {
            limit.CancelAfter(Options.RequestTimeout);
        }
        catch (ObjectDisposedException)
        {
            // The registry answered before it had read the body, which is still on its way.
        }
    }

    private Uri Redirected(RegistryRequest request, Uri address, HttpResponseMessage redirect, int redirects)
    {
        if (request.Method != HttpMethod.Get && request.Method != HttpMethod.Head)
        {
            throw RedirectRules.Refused(request, "a request that is not a download");
        }

        return redirects > RedirectRules.MaxRedirects
            ? throw RedirectRules.Refused(request, $"more than {RedirectRules.MaxRedirects} times")
            : RedirectRules.Next(request, address, Header(redirect, "Location"), transport.Endpoints);
    }

    private static HttpRequestMessage Message(RegistryRequest request, Uri address, AuthenticationHeaderValue? header, Action progressed)
    {
        var message = new HttpRequestMessage(request.Method, address) { Version = HttpVersion.Version11 };
        message.Headers.Authorization = header;
        if (request.Accept is { } accept)
        {
            message.Headers.TryAddWithoutValidation("Accept", accept);
        }

        if (request.Body is { } body)
        {
            message.Content = new SlicedContent(body, progressed);
            if (request.ContentType is { } type)
            {
                message.Content.Headers.TryAddWithoutValidation("Content-Type", type);
            }

            if (request.ContentRange is { } range)
            {
                // Without "bytes": the distribution specification's own form.
                message.Content.Headers.TryAddWithoutValidation("Content-Range", range);
            }
        }

        return message;
    }

    private async Task<RegistryException> RefusalAsync(
        RegistryRequest request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using (response)
        {
            var body = await BoundedReader.ReadStartAsync(response, MaxErrorBytes, cancellationToken);
            return Refusals.Describe(request, response, ErrorCodes.Describe(body.Span), transport.Time);
        }
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
