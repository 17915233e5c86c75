using System.Security.Cryptography;
using System.Text;
using IrisOperator.Kube.Runtime;
using IrisOperator.Kube.Runtime.Diagnostics;
using IrisOperator.Operator.Images;

namespace IrisOperator.Operator.Hosting;

/// <summary>What the operator's own port answers.</summary>
/// <param name="host">For health.</param>
/// <param name="metrics">For Prometheus.</param>
/// <param name="registries">Woken by notifications.</param>
/// <param name="secretFile">What a notification must bring as a bearer token; null refuses all of them.</param>
public sealed class OperatorEndpoint(OperatorHost host, PrometheusText metrics, RepositoryScanner registries, string? secretFile)
{
    public HealthServer.Answer? Answer(HttpExchange request) => (request.Method, request.Path) switch
    {
        ("GET", "/healthz") => Report(host.Live()),
        ("GET", "/readyz") => Report(host.Ready()),
        ("GET", "/metrics") => new HealthServer.Answer(200, metrics.Print(), PrometheusText.ContentType),
        ("POST", "/registry-events") => secretFile is null ? null : Notified(request),
        _ => null,
    };

    private HealthServer.Answer Notified(HttpExchange request)
    {
        if (!IsAuthorized(request.Authorization))
        {
            return new(401, "expected Authorization: Bearer with the shared secret\n");
        }

        if (RegistryEvents.RepositoriesIn(request.Body.Span) is not { } repositories)
        {
            return new(400, "expected the events of a registry as JSON\n");
        }

        // The connection is closed after each answer, so that a registry which tries again may reach the replica that leads.
        return host.IsLeading
            ? new(200, $"{repositories.Count(registries.Wake)} of {repositories.Count} repositories are followed\n")
            : new(503, "this replica does not lead; try again\n");
    }

    // Read each time, so that the secret can be changed without a restart.
    private bool IsAuthorized(string? authorization)
    {
        try
        {
            var expected = File.ReadAllText(secretFile!).Trim();
            return expected.Length > 0
                && authorization is not null
                && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(authorization), Encoding.UTF8.GetBytes($"Bearer {expected}"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static HealthServer.Answer Report(HealthReport report) => new(report.IsHealthy ? 200 : 503, report.Message + "\n");
}
