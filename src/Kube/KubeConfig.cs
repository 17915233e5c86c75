using System.Security.Cryptography.X509Certificates;
using IrisOperator.Kube.Authentication;
using IrisOperator.Kube.Configuration;

namespace IrisOperator.Kube;

/// <summary>How to reach a cluster, and as whom.</summary>
public sealed record KubeConfig
{
    public required Uri Server { get; init; }

    /// <summary>That of the context or of the pod; "default" where neither says.</summary>
    public string Namespace { get; init; } = "default";

    /// <summary>Null trusts the machine's own roots.</summary>
    public X509Certificate2Collection? CertificateAuthorities { get; init; }

    public bool InsecureSkipTlsVerify { get; init; }

    /// <summary>The name the server's certificate must carry, where it differs from the address.</summary>
    public string? TlsServerName { get; init; }

    /// <summary>Null takes HTTPS_PROXY and NO_PROXY from the environment.</summary>
    public Uri? Proxy { get; init; }

    public CredentialSource Credentials { get; init; } = CredentialSource.None;

    /// <summary>
    /// The files in KUBECONFIG; else the pod's service account; else <c>~/.kube/config</c>. The order of controller-runtime: a program
    /// in a pod never takes a stray file from its home.
    /// </summary>
    /// <exception cref="KubeConfigException">None of the three is there, or the one that is cannot be used.</exception>
    public static KubeConfig Infer(TimeProvider time)
    {
        var home = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".kube", "config");
        if (Environment.GetEnvironmentVariable("KUBECONFIG") is { Length: > 0 } paths)
        {
            return KubeConfigReader.FromFiles(paths.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries), null, time);
        }

        if (InClusterConfig.IsPresent)
        {
            return InCluster(time);
        }

        return File.Exists(home)
            ? FromFile(home, null, time)
            : throw new KubeConfigException($"no cluster: KUBECONFIG is not set, this is not a pod, and {home} does not exist");
    }

    public static KubeConfig InCluster(TimeProvider time) =>
        InClusterConfig.Read(InClusterConfig.DefaultFolder, Environment.GetEnvironmentVariable, time);

    /// <param name="path">YAML or JSON.</param>
    /// <param name="context">Null takes <c>current-context</c>.</param>
    /// <param name="time">For the age of tokens.</param>
    public static KubeConfig FromFile(string path, string? context, TimeProvider time) => KubeConfigReader.FromFiles([path], context, time);
}
