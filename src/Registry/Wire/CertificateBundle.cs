using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace IrisOperator.Registry.Wire;

/// <summary>
/// The authorities of one PEM file, beside those of the system. Looked at for changes at each handshake:
/// a secret's volume is updated in place.
/// </summary>
internal sealed class CertificateBundle(string file)
{
    private readonly Lock _gate = new();
    private (DateTime Written, long Length) _seen;
    private X509Certificate2Collection _authorities = [];

    /// <summary>
    /// Accepts a certificate that the system trusts, or that has the right name and time and leads to one of the file's authorities.
    /// </summary>
    public bool Validate(X509Certificate? certificate, X509Chain? presented, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
        {
            return true;
        }

        if (certificate is not X509Certificate2 leaf || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != 0)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new System.Security.Cryptography.Oid("1.3.6.1.5.5.7.3.1"));
        chain.ChainPolicy.CustomTrustStore.AddRange(Current());
        foreach (var element in presented?.ChainElements.Skip(1) ?? [])
        {
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        chain.ChainPolicy.ExtraStore.AddRange(presented?.ChainPolicy.ExtraStore ?? []);
        return chain.Build(leaf);
    }

    private X509Certificate2Collection Current()
    {
        lock (_gate)
        {
            var info = new FileInfo(file);
            var now = (info.LastWriteTimeUtc, info.Length);
            if (now != _seen)
            {
                // A new collection: the old one may be in use by another handshake.
                var read = new X509Certificate2Collection();
                read.ImportFromPemFile(file);
                (_authorities, _seen) = (read, now);
            }

            return _authorities;
        }
    }
}
