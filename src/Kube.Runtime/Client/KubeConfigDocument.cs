using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using k8s.Exceptions;
using k8s.KubeConfigModels;
using YamlDotNet.RepresentationModel;

namespace IrisOperator.Kube.Runtime.Client;

/// <summary>
/// One document of a kubeconfig file. What the package reads once, or not at all, is read here from the same document: certificates and
/// keys, bundles of authorities, <c>tokenFile</c>, <c>proxy-url</c>, and plugins.
/// </summary>
internal sealed class KubeConfigDocument(string path, K8SConfiguration content, YamlMappingNode root)
{
    public K8SConfiguration Content { get; } = content;

    /// <summary>Takes the authorities out of the document; null where it names none.</summary>
    public Func<X509Certificate2Collection>? Authorities(Cluster cluster)
    {
        const string Field = "certificate-authority";
        KubeConfigException Error(string message) => this.Error($"cluster \"{cluster.Name}\": {message}");
        var endpoint = cluster.ClusterEndpoint ?? throw Error("cluster is missing");
        var (data, file) = (endpoint.CertificateAuthorityData, endpoint.CertificateAuthority);
        (endpoint.CertificateAuthorityData, endpoint.CertificateAuthority) = (null, null);
        if (string.IsNullOrEmpty(data))
        {
            return string.IsNullOrEmpty(file)
                ? null
                : ServerTrust.AuthoritiesIn(Full(file), message => Error($"{Field}: {message}"));
        }

        try
        {
            var parsed = ServerTrust.ParseAuthorities(Decode(data));
            return () => parsed;
        }
        catch (Exception error) when (error is CryptographicException or FormatException)
        {
            throw Error($"{Field}-data: {error.Message}");
        }
    }

    public Uri? Proxy(Cluster cluster) => Text("clusters", cluster.Name, "cluster", "proxy-url") is not { } proxy
        ? null
        : Uri.TryCreate(proxy, UriKind.Absolute, out var address)
            ? address
            : throw Error($"cluster \"{cluster.Name}\": proxy-url is not an address");

    /// <summary>The credentials that change while the program runs; null for those that the package keeps, a token or a password.</summary>
    public RotatingCredentials? Credentials(
        User user, ClusterEndpoint server, Func<X509Certificate2Collection>? authorities, TimeProvider time)
    {
        KubeConfigException Error(string message) => this.Error($"user \"{user.Name}\": {message}");
        var given = user.UserCredentials ?? throw Error("user is missing");
        if (Text("users", user.Name, "user", "tokenFile") is { } file)
        {
            return new TokenFileCredentials(Full(file));
        }

        if (given.ExternalExecution is { } plugin)
        {
            plugin.Command = plugin.Command switch
            {
                null or "" => throw Error("exec: command is missing"),
                var command when command.Contains('/', StringComparison.Ordinal) => Full(command),
                var command => command,
            };
            return new ExecCredentials(plugin, server, authorities, time);
        }

        if (given.AuthProvider is not null)
        {
            throw Error("auth-provider is not supported; use a certificate, a token or an exec plugin");
        }

        return (given.ClientCertificateData ?? given.ClientCertificate) is null ? null : ClientCertificate(given, Error);
    }

    private CertificateCredentials ClientCertificate(UserCredentials given, Func<string, KubeConfigException> error)
    {
        try
        {
            return new CertificateCredentials(
                given.Token,
                () => X509Certificate2.CreateFromPem(
                    Pem(given.ClientCertificateData, given.ClientCertificate, "client-certificate"),
                    Pem(given.ClientKeyData, given.ClientKey, "client-key")));
        }
        catch (Exception problem) when (
            problem is CryptographicException or FormatException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw error($"client-certificate or client-key: {problem.Message}");
        }
    }

    private string Pem(string? data, string? file, string field) =>
        !string.IsNullOrEmpty(data) ? Decode(data)
        : !string.IsNullOrEmpty(file) ? File.ReadAllText(Full(file))
        : throw new ArgumentException($"{field} is missing");

    private static string Decode(string data)
    {
        var bytes = new byte[data.Length];
        return Convert.TryFromBase64String(data, bytes, out var length)
            ? Encoding.UTF8.GetString(bytes, 0, length)
            : throw new FormatException("the data is not base64");
    }

    private KubeConfigException Error(string message) => new($"kubeconfig {path}: {message}");

    private string Full(string relative) => Path.Combine(Path.GetDirectoryName(path)!, ClusterConfiguration.Expand(relative));

    // A field that the package's model has not.
    private string? Text(string list, string name, string part, string field) =>
        Child(root, list) is YamlSequenceNode items
        && items.FirstOrDefault(item => Child(item, "name") is YamlScalarNode scalar && scalar.Value == name) is { } found
        && Child(Child(found, part), field) is YamlScalarNode { Value: { Length: > 0 } text } ? text : null;

    private static YamlNode? Child(YamlNode? node, string name) =>
        node is YamlMappingNode map && map.Children.TryGetValue(new YamlScalarNode(name), out var child) ? child : null;
}
