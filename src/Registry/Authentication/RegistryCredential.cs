using System.Net.Http.Headers;
using System.Text;

namespace IrisOperator.Registry.Authentication;

/// <summary>A user name with a password, or an identity token. Never printed: <see cref="ToString"/> says nothing.</summary>
public sealed class RegistryCredential
{
    private RegistryCredential(AuthenticationHeaderValue? basic, string? identityToken) => (Basic, IdentityToken) = (basic, identityToken);

    internal AuthenticationHeaderValue? Basic { get; }

    /// <summary>OAuth's refresh token.</summary>
    internal string? IdentityToken { get; }

    public static RegistryCredential Password(string user, string password) =>
        new(new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))), null);

    public static RegistryCredential Identity(string token) => new(null, token);

    public override string ToString() => nameof(RegistryCredential);
}
