using System.Security.Cryptography;
using System.Text;
using IrisOperator.Operator.Images;

namespace IrisOperator.Operator.Hosting;

/// <summary>Answers <c>POST /registry-events</c>: a registry says that something was pushed.</summary>
/// <param name="secretFile">What a notification must bring as a bearer token; null: there is no such address.</param>
/// <param name="isLeading">Whether this process looks at registries.</param>
/// <param name="wake">Takes the path of a repository; false when nobody follows it.</param>
public sealed class RegistryNotifications(string? secretFile, Func<bool> isLeading, Func<string, bool> wake)
{
    /// <returns>Null when notifications are not taken.</returns>
    public HealthServer.Answer? Answer(HttpExchange request)
    {
        if (secretFile is null)
        {
            return null;
        }

        if (!IsAuthorized(request.Authorization))
        {
            return new(401, "expected Authorization: Bearer with the shared secret\n");
        }

        if (RegistryEvents.RepositoriesIn(request.Body.Span) is not { } repositories)
        {
            return new(400, "expected the events of a registry as JSON\n");
        }

        // The connection is closed after each answer, so that a registry which tries again may reach the replica that leads.
        return isLeading()
            ? new(200, $"{repositories.Count(wake)} of {repositories.Count} repositories are followed\n")
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
                && CryptographicOperations.FixedTimeEquals(
                    Encoding.UTF8.GetBytes(authorization), Encoding.UTF8.GetBytes($"Bearer {expected}"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
