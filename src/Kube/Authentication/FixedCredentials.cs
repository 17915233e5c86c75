using System.Security.Cryptography.X509Certificates;

namespace IrisOperator.Kube.Authentication;

internal sealed class FixedCredentials(string? token, X509Certificate2? certificate) : CredentialSource
{
    private readonly Credentials _credentials = new(token, certificate);

    public override ValueTask<Credentials> GetAsync(CancellationToken cancellationToken) => new(_credentials);
}
