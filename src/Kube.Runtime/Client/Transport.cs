using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Text.Json;
using IrisOperator.Common;
using IrisOperator.Kube.Runtime.Diagnostics;
using k8s.Authentication;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace IrisOperator.Kube.Runtime.Client;

/// <summary>
/// Sends a request as often as it must. 429 is sent again, for it did nothing: when the server says, else after a back-off, for a proxy
/// in front of it may not say; 503 when the server says, unless it is a POST, which may have been carried out behind a balancer; 401
/// once, after asking for new credentials.
/// </summary>
internal sealed partial class ApiHandler : DelegatingHandler
{
    private const int MaxRemembered = 1000;
    public static readonly HttpRequestOptionsKey<string> Resource = new("kube.resource");

    private static readonly Backoff _backOff = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
    private readonly ServiceClientCredentials? _credentials;
    private readonly RotatingCredentials? _rotating;
    private readonly ResiliencePipeline<HttpResponseMessage> _pipeline;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<string, bool> _warned = [];

    public ApiHandler(KubernetesClientConfiguration configuration, KubeClientOptions options, TimeProvider time)
    {
        _credentials = Kubernetes.CreateCredentials(configuration);
        _rotating = configuration.TokenProvider as RotatingCredentials;
        _logger = options.Logger;
        var pipeline = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time };
        _pipeline = options.MaxRetries == 0 ? pipeline.Build() : pipeline.AddRetry(Retries(options, time)).Build();
    }

    private static RetryStrategyOptions<HttpResponseMessage> Retries(KubeClientOptions options, TimeProvider time) => new()
    {
        MaxRetryAttempts = options.MaxRetries,
        ShouldHandle = attempt => new(attempt.Outcome.Result is { } answer && IsPutOff(answer, time)),
        DelayGenerator = attempt =>
        {
            // Spread: all clients were told the same number.
            var wanted = RetryAfter(attempt.Outcome.Result!, time) ?? _backOff.Delay(attempt.AttemptNumber);
            return new(Backoff.Spread(wanted < options.MaxRetryDelay ? wanted : options.MaxRetryDelay, options.Jitter()));
        },
    };

    public static TimeSpan? RetryAfter(HttpResponseMessage response, TimeProvider time) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => TimeSpan.FromTicks(Math.Max(0, (date - time.GetUtcNow()).Ticks)),
        _ => null,
    };

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _pipeline.ExecuteAsync(
            static async (state, token) => await state.Self.AuthenticateAsync(state.Request, token),
            (Self: this, Request: request),
            cancellationToken).AsTask();

    private static bool IsPutOff(HttpResponseMessage response, TimeProvider time) =>
        response.StatusCode == HttpStatusCode.TooManyRequests
        || (response.StatusCode == HttpStatusCode.ServiceUnavailable
            && response.RequestMessage?.Method != HttpMethod.Post
            && RetryAfter(response, time) is not null);

    private async Task<HttpResponseMessage> AuthenticateAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await SignAsync(request, cancellationToken);
        var refused = request.Headers.Authorization;
        var response = await CountAsync(request, cancellationToken);
        if (response.StatusCode != HttpStatusCode.Unauthorized || _rotating is null)
        {
            return response;
        }

        _rotating.Renew(refused);
        await SignAsync(request, cancellationToken);
        if (Equals(request.Headers.Authorization, refused))
        {
            return response;
        }

        response.Dispose();
        return await CountAsync(request, cancellationToken);
    }

    private Task SignAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _credentials?.ProcessHttpRequestAsync(request, cancellationToken) ?? Task.CompletedTask;

    private async Task<HttpResponseMessage> CountAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var code = 0;
        request.Options.TryGetValue(Resource, out var resource);
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            response.RequestMessage ??= request;
            code = (int)response.StatusCode;
            TellWarnings(response, resource ?? "");
            return response;
        }
        finally
        {
            RuntimeMetrics.Requests
                .WithLabels(request.Method.Method, resource ?? "", code.ToString(CultureInfo.InvariantCulture)).Inc();
        }
    }

    // Deprecated versions, fields that are ignored, pods that a policy will refuse: each answer repeats them, so each is logged once.
    private void TellWarnings(HttpResponseMessage response, string resource)
    {
        foreach (var warning in response.Headers.Warning)
        {
            RuntimeMetrics.Warnings.WithLabels(resource).Inc();
            var text = warning.Text[1..^1].Replace("\\\"", "\"", StringComparison.Ordinal);
            if (_warned.Count < MaxRemembered && _warned.TryAdd($"{resource}: {text}", true))
            {
                LogWarning(resource, text);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The API server warns about {Resource}: {Text}")]
    private partial void LogWarning(string resource, string text);

    /// <summary>What the package's own class would make, and what a connection of many months needs.</summary>
    public static SocketsHttpHandler Connect(KubernetesClientConfiguration configuration)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),

            // New handshakes take in rotated certificates and authorities. Requests under way, watches too, keep their connection.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),

            // Finds a connection that a balancer dropped without a word, for watches on HTTP/2 too.
            KeepAlivePingDelay = TimeSpan.FromSeconds(30),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(15),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,

            // The server allows 250 streams on a connection; more watches and workers get a second one.
            EnableMultipleHttp2Connections = true,
        };
        if (configuration.SkipTlsVerify)
        {
#pragma warning disable CA5359 // The user asked for it in the kubeconfig.
            handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }

        configuration.FirstMessageHandlerSetup?.Invoke(handler);
        return handler;
    }
}

/// <summary>Reads bodies of limited size without blocking.</summary>
internal static class BodyReader
{
    /// <exception cref="InvalidDataException">It is longer than the limit, or does not fit the model.</exception>
    public static async Task<TResult> DecodeAsync<TResult>(
        KubeRequest request, HttpResponseMessage response, int maxBytes, Func<ReadOnlySequence<byte>, TResult> decode,
        CancellationToken cancellationToken)
    {
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 16 << 10));
        try
        {
            return decode(await ReadAllAsync(reader, maxBytes, cancellationToken));
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{request}: {error.Message}", error);
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    /// <returns>Null at the end. What is left there is a line too: a truncated one.</returns>
    public static async ValueTask<ReadOnlySequence<byte>?> ReadLineAsync(
        PipeReader reader, int maxBytes, CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken);
            var buffer = result.Buffer;
            if (buffer.PositionOf((byte)'\n') is { } feed)
            {
                var line = buffer.Slice(0, feed);
                if (line.IsEmpty)
                {
                    reader.AdvanceTo(buffer.GetPosition(1, feed));
                    continue;
                }

                return line;
            }

            if (result.IsCompleted)
            {
                return buffer.IsEmpty ? null : buffer;
            }

            if (buffer.Length > maxBytes)
            {
                throw new InvalidDataException($"a watch line of more than {maxBytes} bytes");
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private static async Task<ReadOnlySequence<byte>> ReadAllAsync(PipeReader reader, int maxBytes, CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken);
            if (result.Buffer.Length > maxBytes)
            {
                throw new InvalidDataException($"more than {maxBytes} bytes");
            }

            if (result.IsCompleted)
            {
                return result.Buffer;
            }

            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }
}
