using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Headers;
using IrisOperator.Kube.Authentication;

namespace IrisOperator.Kube.Wire;

/// <summary>The one place that talks to the server: credentials, time limit, retries where the server asks for them, errors.</summary>
internal sealed class KubeSender : IDisposable
{
    private static readonly Meter _meter = new("IrisOperator.Kube");
    private static readonly Counter<long> _requests = _meter.CreateCounter<long>(
        "kube_client_requests_total", description: "Requests to the API server by method, resource and status code; code 0: no answer.");

    private static readonly Dictionary<string, MediaTypeHeaderValue> _contentTypes = new()
    {
        [KubeRequests.Json] = new(KubeRequests.Json),
        [KubeRequests.ApplyPatch] = new(KubeRequests.ApplyPatch),
        [KubeRequests.MergePatch] = new(KubeRequests.MergePatch),
    };

    private readonly HttpMessageInvoker _http;
    private readonly KubeConfig _config;
    private readonly KubeClientOptions _options;
    private readonly TimeProvider _time;
    private readonly string _server;
    private Credentials? _lastCredentials;

    public KubeSender(KubeConfig config, KubeClientOptions options, TimeProvider time, HttpMessageHandler? handler)
    {
        _config = config;
        _options = options;
        _time = time;
        _server = config.Server.AbsoluteUri.TrimEnd('/');
        _http = new HttpMessageInvoker(handler ?? HttpTransport.Create(config, () => _lastCredentials?.Certificate));
    }

    /// <summary>
    /// Sends and returns a good answer with its body unread. 429 is always sent again, for the server did nothing; 503 unless it is a
    /// POST, which may have been carried out behind a balancer; 401 once, after asking for new credentials.
    /// </summary>
    /// <exception cref="KubeApiException">Any answer that is not 2xx.</exception>
    public async Task<HttpResponseMessage> SendAsync(KubeRequest request, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            var credentials = _lastCredentials = await _config.Credentials.GetAsync(cancellationToken);
            var response = await SendOnceAsync(request, credentials, cancellationToken);
            if (response.IsSuccessStatusCode)
            {
                return response;
            }

            using (response)
            {
                var error = await ReadErrorAsync(request, response, cancellationToken);
                if (error.Code == 401 && attempt == 0 && _config.Credentials.Refused(credentials))
                {
                    continue;
                }

                if (DelayBeforeRetry(request, error, attempt) is not { } delay)
                {
                    throw error;
                }

                await Task.Delay(delay, _time, cancellationToken);
            }
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendOnceAsync(KubeRequest request, Credentials credentials, CancellationToken cancellationToken)
    {
        // Disposing the message would dispose a body that is still on its way; it holds nothing else that needs it.
        var message = Message(request, credentials);
        var code = 0;
        try
        {
            var response = await _http.SendAsync(message, cancellationToken);
            code = (int)response.StatusCode;
            return response;
        }
        finally
        {
            _requests.Add(1, new TagList { { "method", request.Method.Method }, { "resource", request.Resource }, { "code", code } });
            if (message.Content is MemoryContent { IsSent: false })
            {
                request.Lease?.KeepFromPool();
            }
        }
    }

    private HttpRequestMessage Message(in KubeRequest request, Credentials credentials)
    {
        var uri = new Uri(_server + request.PathAndQuery, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var message = new HttpRequestMessage(request.Method, uri)
        {
            Version = _options.HttpVersion,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        message.Headers.TryAddWithoutValidation("Accept", request.Accept);
        message.Headers.TryAddWithoutValidation("User-Agent", _options.UserAgent);
        message.Headers.Authorization = credentials.Header;
        if (request.ContentType is { } type)
        {
            message.Content = new MemoryContent(request.Body, _contentTypes[type]);
        }

        return message;
    }

    private async Task<KubeApiException> ReadErrorAsync(
        KubeRequest request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var body = new RentedBuffer(_options.MaxObjectBytes);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        await body.FillAsync(stream, cancellationToken);
        var status = ErrorDecoder.Decode((int)response.StatusCode, body.Written.Span);
        return new KubeApiException(status, request.ToString(), ErrorDecoder.RetryAfter(response.Headers.RetryAfter, _time));
    }

    private TimeSpan? DelayBeforeRetry(in KubeRequest request, KubeApiException error, int attempt)
    {
        var putOff = error.Code == (int)HttpStatusCode.TooManyRequests
            || (error.Code == (int)HttpStatusCode.ServiceUnavailable && request.Method != HttpMethod.Post);
        if (!putOff || attempt >= _options.MaxRetries || error.RetryAfter is not { } wanted)
        {
            return null;
        }

        var bounded = wanted < _options.MaxRetryDelay ? wanted : _options.MaxRetryDelay;

        // Up to half as long again: all clients were told the same number.
        return bounded * (1 + (_options.Jitter() / 2));
    }
}
