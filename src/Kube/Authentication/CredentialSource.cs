using System.Security.Cryptography.X509Certificates;

namespace IrisOperator.Kube.Authentication;

/// <summary>Who the client is. Asked before every request, so implementations keep what they have until it ages.</summary>
public abstract class CredentialSource
{
    public static CredentialSource None { get; } = new FixedCredentials(null, null);

    public static CredentialSource Token(string token) => new FixedCredentials(token, null);

    public static CredentialSource Certificate(X509Certificate2 certificate) => new FixedCredentials(null, certificate);

    /// <summary>Read again every minute: kubelet replaces projected tokens on disk.</summary>
    public static CredentialSource TokenFile(string path, TimeProvider time) => new TokenFileCredentials(path, time);

    public abstract ValueTask<Credentials> GetAsync(CancellationToken cancellationToken);

    /// <summary>The server refused them with 401. True when asking again may give others.</summary>
    public virtual bool Refused(Credentials credentials) => false;
}
