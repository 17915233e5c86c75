using System.Security.Cryptography;
using System.Text;
using IrisOperator.Operator.Images;
using Microsoft.AspNetCore.Http;

namespace IrisOperator.Operator.Hosting;

/// <summary>Answers <c>POST /registry-events</c>: a registry says that something was pushed.</summary>
/// <param name="secretFile">What a notification must bring as a bearer token.</param>
/// <param name="isLeading">Whether this process looks at registries.</param>
/// <param name="wake">Takes the path of a repository; false when nobody follows it.</param>
public sealed class RegistryNotifications(string secretFile, Func<bool> isLeading, Func<string, bool> wake)
{
    public const int MaxBytes = 256 << 10;

    /// <remarks>The body of a request without the secret is not read.</remarks>
    public async Task<IResult> HandleAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        // A registry that tries again may then reach the replica that leads.
        request.HttpContext.Response.Headers.Connection = "close";
        if (!IsAuthorized(request.Headers.Authorization))
        {
            return OperatorEndpoint.Refuse(401, "expected Authorization: Bearer with the shared secret");
        }

        try
        {
            if (await RegistryEvents.ReadAsync(request.Body, cancellationToken) is not { } repositories)
            {
                return OperatorEndpoint.Refuse(400, "expected the events of a registry as JSON");
            }

            return isLeading()
                ? TypedResults.Text($"{repositories.Count(wake)} of {repositories.Count} repositories are followed\n")
                : OperatorEndpoint.Refuse(503, "this replica does not lead; try again");
        }
        catch (BadHttpRequestException error)
        {
            return OperatorEndpoint.Refuse(error.StatusCode, error.StatusCode == 413
                ? $"a notification has at most {MaxBytes >> 10} KiB"
                : "the notification did not come whole");
        }
    }

    // Read each time, so that the secret can be changed without a restart.
    private bool IsAuthorized(string? authorization)
    {
        try
        {
            var expected = File.ReadAllText(secretFile).Trim();
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
