using IrisOperator.Kube.Runtime.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Prometheus;

namespace IrisOperator.Operator.Http;

/// <summary>The operator's own port: probes, metrics, notifications of registries. Refusals are problem details (RFC 9457).</summary>
/// <remarks>
/// Guarantees: a connection without a whole request ends after <see cref="_patience"/>; a notification is read only with the secret, and
/// as many as may wait have a budget of their own, so that probes and metrics are answered whatever is sent.
/// </remarks>
public static class OperatorEndpoint
{
    private const string NotificationsBudget = "notifications";
    private const int MaxHead = 8 << 10;

    // More than any honest client opens; as many idle ones cost less than half of the chart's memory limit.
    private const int MaxConnections = 4096;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);
    private static readonly string[] _reading = [HttpMethods.Get, HttpMethods.Head];

    /// <returns>Not started; it listens on every address, IPv4 and IPv6: kubelet probes the pod's own, of either kind.</returns>
    public static WebApplication Create(int port, ILoggerFactory loggers)
    {
        // Nothing is configured by files, so none is watched.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = ["--hostBuilder:reloadConfigOnChange=false"] });
        builder.Services.AddSingleton(loggers);
        builder.Services.AddProblemDetails();
        builder.Services.AddRequestTimeouts();
        builder.Services.AddRateLimiter(limits =>
        {
            limits.AddConcurrencyLimiter(NotificationsBudget, budget => (budget.PermitLimit, budget.QueueLimit) = (8, 16));
            limits.OnRejected = async (context, _) =>
            {
                context.HttpContext.Response.Headers.RetryAfter = "1";
                await TypedResults.Problem("too many notifications at once; try again", statusCode: 429).ExecuteAsync(context.HttpContext);
            };
        });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = MaxConnections;
            kestrel.Limits.KeepAliveTimeout = _patience;
            kestrel.Limits.RequestHeadersTimeout = _patience;
            kestrel.Limits.MaxRequestLineSize = MaxHead;
            kestrel.Limits.MaxRequestHeadersTotalSize = MaxHead;
            kestrel.Limits.MaxRequestBufferSize = 4 * MaxHead;
            kestrel.Limits.MaxRequestBodySize = RegistryNotifications.MaxBytes;
            kestrel.ListenAnyIP(port, listener => listener.Protocols = HttpProtocols.Http1);
        });
        var app = builder.Build();
        app.Use(RequireExactPath);
        app.UseRequestTimeouts();
        app.UseRateLimiter();
        return app;
    }

    public static void MapProbesAndMetrics(IEndpointRouteBuilder app, Func<HealthReport> live, Func<HealthReport> ready)
    {
        app.MapMethods("/healthz", _reading, () => Report(live()));
        app.MapMethods("/readyz", _reading, () => Report(ready()));
        app.MapMethods("/metrics", _reading, () => TypedResults.Stream(
            page => RuntimeMetrics.Registry.CollectAndExportAsTextAsync(page), PrometheusConstants.TextContentTypeWithVersionAndEncoding));
    }

    public static void MapNotifications(IEndpointRouteBuilder app, RegistryNotifications notifications) => app
        .MapPost("/registry-events", notifications.HandleAsync)
        .RequireRateLimiting(NotificationsBudget)
        .WithRequestTimeout(new RequestTimeoutPolicy
        {
            Timeout = _patience,
            WriteTimeoutResponse = context =>
                TypedResults.Problem($"a notification may take {_patience.TotalSeconds} s", statusCode: 408).ExecuteAsync(context),
        });

    // Routing takes another case or a slash at the end for the same path, and names the methods of a path that it refuses.
    private static Task RequireExactPath(HttpContext context, RequestDelegate next) =>
        context.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: var path } && path == context.Request.Path.Value
            ? next(context)
            : TypedResults.Problem("not found", statusCode: 404).ExecuteAsync(context);

    private static ContentHttpResult Report(HealthReport report) =>
        TypedResults.Text(report.Message + "\n", statusCode: report.IsHealthy ? 200 : 503);
}
