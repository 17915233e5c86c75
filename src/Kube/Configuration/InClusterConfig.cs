using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IrisOperator.Kube.Authentication;

namespace IrisOperator.Kube.Configuration;

/// <summary>What kubelet puts into a pod that has a service account.</summary>
internal static class InClusterConfig
{
    public const string DefaultFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

    public static bool IsPresent =>
        Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST") is { Length: > 0 }
        && File.Exists(Path.Combine(DefaultFolder, "token"));

    public static KubeConfig Read(string folder, Func<string, string?> environment, TimeProvider time)
    {
        if (environment("KUBERNETES_SERVICE_HOST") is not { Length: > 0 } host
            || environment("KUBERNETES_SERVICE_PORT") is not { Length: > 0 } port)
        {
            throw new KubeConfigException("not in a pod: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set");
        }

        var authorities = new X509Certificate2Collection();
        var ca = Path.Combine(folder, "ca.crt");
        try
        {
            authorities.ImportFromPemFile(ca);
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new KubeConfigException($"{ca}: {error.Message}");
        }

        var ns = Path.Combine(folder, "namespace");
        return new KubeConfig
        {
            Server = new Uri(host.Contains(':', StringComparison.Ordinal) ? $"https://[{host}]:{port}" : $"https://{host}:{port}"),
            Namespace = File.Exists(ns) ? File.ReadAllText(ns).Trim() : "default",
            CertificateAuthorities = authorities,
            Credentials = CredentialSource.TokenFile(Path.Combine(folder, "token"), time),
        };
    }
}
