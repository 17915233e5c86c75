using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using IrisOperator.Registry.Authentication;

namespace IrisOperator.Registry.Wire;

/// <summary>The one place that asks registries: credentials, redirects, time limits, retries, errors.</summary>
internal sealed class RegistrySender(RegistryTransport transport, RegistryCredentials credentials)
{
    private readonly Authenticator _authenticator = new(transport, credentials);

    private RegistryOptions Options => transport.Options;

    /// <summary>Sends until there is a good answer or no hope, and lets the answer be read within the same time limit.</summary>
    /// <param name="read">Gets a 2xx answer and where it came from, and owns it.</param>
    /// <exception cref="RegistryException">Everything that can go wrong.</exception>
    public async Task<T> SendAsync<T>(
        RegistryRequest request, Func<HttpResponseMessage, Uri, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        var retries = request.Repeatable ? transport.Retries.Requests : transport.Retries.Steps;
        return await retries.ExecuteAsync(async token => await AttemptAsync(request, read, token), cancellationToken);
    }

    /// <summary>Sends a request whose answer is read from the headers alone.</summary>
    public Task<T> SendAsync<T>(RegistryRequest request, Func<HttpResponseMessage, Uri, T> read, CancellationToken cancellationToken) =>
        SendAsync(
            request,
            (response, address, _) =>
            {
                using (response)
                {
                    return Task.FromResult(read(response, address));
                }
            },
            cancellationToken);

    /// <summary>True for 2xx, false for 404.</summary>
    public async Task<bool> FoundAsync(RegistryRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await SendAsync(request, (_, _) => true, cancellationToken);
        }
        catch (RegistryException error) when (error.Problem == RegistryProblem.NotFound)
        {
            return false;
        }
    }

    /// <summary>False also where the registry does not take HEAD: a blob that is sent once too often does no harm.</summary>
    public async Task<bool> HasBlobAsync(RepositoryName repository, Digest digest, CancellationToken cancellationToken)
    {
        try
        {
            return await FoundAsync(RegistryRequests.HeadBlob(repository, digest), cancellationToken);
        }
        catch (RegistryException error) when (error.Problem == RegistryProblem.Rejected)
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
            if (response.IsSuccessStatusCode)
            {
                return await read(response, address, limit.Token);
            }

            using var refused = response;
            var hint = _authenticator.HintFor(transport.Endpoints.OriginOf(request.Repository.Registry));
            throw await Answers.RefusalAsync(request, refused, transport.Time, hint, limit.Token);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            var seconds = Options.RequestTimeout.TotalSeconds.ToString(CultureInfo.InvariantCulture);
            throw request.Error(RegistryProblem.TooSlow, $"no complete answer within {seconds} s", error);
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw;
        }
        catch (Exception error) when (error is IOException or HttpRequestException)
        {
            throw request.Error(RegistryProblem.Unreachable, "the connection broke in the middle of the answer", error);
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
                    ?? throw await Answers.RefusalAsync(request, refused, transport.Time, hint: "", cancellationToken);
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
            : RedirectRules.Next(request, address, redirect.Header("Location"), transport.Endpoints);
    }

    private static HttpRequestMessage Message(RegistryRequest request, Uri address, AuthenticationHeaderValue? header, Action progressed)
    {
        var message = new HttpRequestMessage(request.Method, address) { Version = HttpVersion.Version11 };
        message.Headers.Authorization = header;
        Add(message.Headers, "Accept", request.Accept);
        if (request.Body is { } body)
        {
            message.Content = new SlicedContent(body, progressed);
            Add(message.Content.Headers, "Content-Type", request.ContentType);

            // Without "bytes": the distribution specification's own form.
            Add(message.Content.Headers, "Content-Range", request.ContentRange);
        }

        return message;
    }

    private static void Add(HttpHeaders headers, string name, string? value)
    {
        if (value is not null)
        {
            headers.TryAddWithoutValidation(name, value);
        }
    }
}

/// <summary>A body that tells after each slice that it got on, so that a time limit can hold without a limit of size.</summary>
internal sealed class SlicedContent(ReadOnlyMemory<byte> body, Action progressed) : HttpContent
{
    private const int SliceBytes = 64 << 10;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        for (var at = 0; at < body.Length; at += SliceBytes)
        {
            await stream.WriteAsync(body[at..Math.Min(at + SliceBytes, body.Length)], cancellationToken);
            progressed();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = body.Length;
        return true;
    }
}
