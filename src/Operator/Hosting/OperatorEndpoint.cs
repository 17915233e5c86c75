using IrisOperator.Kube.Runtime;
using IrisOperator.Kube.Runtime.Diagnostics;

namespace IrisOperator.Operator.Hosting;

/// <summary>What the operator's own port answers.</summary>
/// <param name="host">For health.</param>
/// <param name="metrics">For Prometheus.</param>
/// <param name="notifications">Of registries.</param>
public sealed class OperatorEndpoint(OperatorHost host, PrometheusText metrics, RegistryNotifications notifications)
{
    public HealthServer.Answer? Answer(HttpExchange request) => (request.Method, request.Path) switch
    {
        ("GET", "/healthz") => Report(host.Live()),
        ("GET", "/readyz") => Report(host.Ready()),
        ("GET", "/metrics") => new HealthServer.Answer(200, metrics.Print(), PrometheusText.ContentType),
        ("POST", "/registry-events") => notifications.Answer(request),
        _ => null,
    };

    private static HealthServer.Answer Report(HealthReport report) => new(report.IsHealthy ? 200 : 503, report.Message + "\n");
}
