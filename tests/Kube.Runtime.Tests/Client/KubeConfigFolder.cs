using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using IrisOperator.Testing;

namespace IrisOperator.Kube.Runtime.Tests.Client;

/// <summary>A folder with kubeconfig files and what they name, and a clock that stands still.</summary>
internal sealed class KubeConfigFolder : IDisposable
{
    public KubeConfigFolder() => (Certificate, Key) = SelfSigned("CN=test");

    public ManualTimeProvider Time { get; } = new();

    public string Path { get; } = Directory.CreateTempSubdirectory("iris-kubeconfig-").FullName;

    /// <summary>PEM.</summary>
    public string Certificate { get; }

    /// <summary>PEM.</summary>
    public string Key { get; }

    public static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    public static RotatingCredentials Rotating(KubernetesClientConfiguration config) => (RotatingCredentials)config.TokenProvider;

    /// <summary>The header that a request is sent with.</summary>
    public static async Task<string> HeaderAsync(KubernetesClientConfiguration config)
    {
        using var request = new HttpRequestMessage();
        await Kubernetes.CreateCredentials(config).ProcessHttpRequestAsync(request, TestContext.Current.CancellationToken);
        return request.Headers.Authorization!.ToString();
    }

    public (string Certificate, string Key) SelfSigned(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(Time.Start, Time.Start.AddYears(10));
        return (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    public string Write(string name, string text)
    {
        var path = System.IO.Path.Combine(Path, name);
        File.WriteAllText(path, text);
        return path;
    }

    public KubernetesClientConfiguration Read(string text) => ClusterConfiguration.FromFiles([Write("config", text)], null, Time);

    /// <summary>A configuration of one context, with a user as given.</summary>
    public KubernetesClientConfiguration ReadUser(string user) => Read(
        "current-context: x\ncontexts:\n- name: x\n  context: {cluster: c, user: u}\n"
        + $"clusters:\n- name: c\n  cluster: {{server: 'https://c'}}\nusers:\n- name: u\n  user:\n    {user}\n");

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
