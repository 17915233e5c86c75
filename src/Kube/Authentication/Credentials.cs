using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;

namespace IrisOperator.Kube.Authentication;

/// <summary>A bearer token, a client certificate, both or neither. Never printed: <see cref="ToString"/> says nothing.</summary>
public sealed class Credentials(string? token, X509Certificate2? certificate)
{
    public X509Certificate2? Certificate { get; } = certificate;

    internal AuthenticationHeaderValue? Header { get; } = token is null ? null : new AuthenticationHeaderValue("Bearer", token);

    public override string ToString() => nameof(Credentials);
}
