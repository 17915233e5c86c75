using System.Globalization;
using System.Net;
using IrisOperator.Common;
using IrisOperator.Kube.Runtime.Diagnostics;
using k8s.Authentication;
using Polly;
using Polly.Retry;

namespace IrisOperator.Kube.Runtime.Client;

/// <summary>
/// Sends a request as often as it must. 429 is sent again when the server says when, for it did nothing; 503 likewise unless it is a
/// POST, which may have been carried out behind a balancer; 401 once, after asking for new credentials.
/// </summary>
internal sealed class ApiHandler : DelegatingHandler
{
    public static readonly HttpRequestOptionsKey<string> Resource = new("kube.resource");

    private readonly ServiceClientCredentials? _credentials;
    private readonly RotatingCredentials? _rotating;
    private readonly ResiliencePipeline<HttpResponseMessage> _pipeline;

    public ApiHandler(KubernetesClientConfiguration configuration, KubeClientOptions options, TimeProvider time)
    {
        _credentials = Kubernetes.CreateCredentials(configuration);
        _rotating = configuration.TokenProvider as RotatingCredentials;
        var pipeline = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time };
        _pipeline = options.MaxRetries == 0 ? pipeline.Build() : pipeline.AddRetry(Retries(options, time)).Build();
    }

    private static RetryStrategyOptions<HttpResponseMessage> Retries(KubeClientOptions options, TimeProvider time) => new()
    {
        MaxRetryAttempts = options.MaxRetries,
        ShouldHandle = attempt => new(
            attempt.Outcome.Result is { } answer && IsPutOff(answer) && RetryAfter(answer, time) is not null),
        DelayGenerator = attempt =>
        {
            // Spread: all clients were told the same number.
            var wanted = RetryAfter(attempt.Outcome.Result!, time)!.Value;
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

    private static bool IsPutOff(HttpResponseMessage response) =>
        response.StatusCode == HttpStatusCode.TooManyRequests
        || (response.StatusCode == HttpStatusCode.ServiceUnavailable && response.RequestMessage?.Method != HttpMethod.Post);

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
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            response.RequestMessage ??= request;
            code = (int)response.StatusCode;
            return response;
        }
        finally
        {
            request.Options.TryGetValue(Resource, out var resource);
            RuntimeMetrics.Requested(request.Method.Method, resource ?? "", code.ToString(CultureInfo.InvariantCulture));
        }
    }
}
