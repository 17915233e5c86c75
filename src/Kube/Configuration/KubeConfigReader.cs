using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using IrisOperator.Kube.Authentication;

namespace IrisOperator.Kube.Configuration;

/// <summary>kubeconfig (v1 Config) to settings. Of several files the first that has a name wins, as with kubectl.</summary>
internal sealed class KubeConfigReader
{
    private readonly TimeProvider _time;
    private readonly List<(string Folder, ConfigNode Root)> _files = [];
    private readonly string _where;

    private KubeConfigReader(string where, TimeProvider time)
    {
        _where = where;
        _time = time;
    }

    public static KubeConfig FromFiles(IReadOnlyList<string> paths, string? context, TimeProvider time)
    {
        var reader = new KubeConfigReader(string.Join(", ", paths), time);
        foreach (var path in paths)
        {
            // kubectl skips missing files of a list, too; all missing shows as a missing context below.
            if (File.Exists(path) || paths.Count == 1)
            {
                reader.Add(path);
            }
        }

        return reader.Build(context);
    }

    private void Add(string path)
    {
        try
        {
            var text = File.ReadAllText(path);
            IConfigParser parser = text.AsSpan().TrimStart().StartsWith("{") ? new JsonConfigParser() : new YamlParser();
            _files.Add((Path.GetDirectoryName(Path.GetFullPath(path))!, parser.Parse(text)));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new KubeConfigException($"kubeconfig {path}: {error.Message}");
        }
    }

    private KubeConfig Build(string? contextName)
    {
        contextName ??= _files.Select(file => file.Root["current-context"].Value).FirstOrDefault(name => name is not null)
            ?? throw Error("no current-context; choose a context");
        var (_, context) = Find("contexts", contextName, "context");
        var clusterName = context["cluster"].Value ?? throw Error($"context \"{contextName}\" names no cluster");
        var (clusterFolder, cluster) = Find("clusters", clusterName, "cluster");
        var server = cluster["server"].Value ?? throw Error($"cluster \"{clusterName}\" has no server");
        var (userFolder, user) = context["user"].Value is { } name ? Find("users", name, "user") : ("", new ConfigNode());
        var authorities = Data(cluster, "certificate-authority", clusterFolder);
        return new KubeConfig
        {
            Server = Uri.TryCreate(server, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http"
                ? uri
                : throw Error($"server of cluster \"{clusterName}\" is not an http or https address"),
            Namespace = context["namespace"].Value ?? "default",
            CertificateAuthorities = authorities is null ? null : Certificates(authorities),
            InsecureSkipTlsVerify = cluster["insecure-skip-tls-verify"].IsTrue,
            TlsServerName = cluster["tls-server-name"].Value,
            Proxy = cluster["proxy-url"].Value is { } proxy ? new Uri(proxy) : null,
            Credentials = CredentialsOf(user, userFolder, server, authorities, cluster),
        };
    }

    private CredentialSource CredentialsOf(ConfigNode user, string folder, string server, string? authorities, ConfigNode cluster)
    {
        if (Data(user, "client-certificate", folder) is { } certificate)
        {
            var key = Data(user, "client-key", folder) ?? throw Error("a client certificate without its key");
            return CredentialSource.Certificate(Certificate(certificate, key));
        }

        if (user["tokenFile"].Value is { } file)
        {
            return CredentialSource.TokenFile(Path.Combine(folder, file), _time);
        }

        if (user["token"].Value is { } token)
        {
            return CredentialSource.Token(token);
        }

        if (user["exec"].Exists)
        {
            return new ExecCredentials(Plugin(user["exec"], folder, server, authorities, cluster), _time);
        }

        return user["auth-provider"].Exists || user["username"].Exists
            ? throw Error("auth-provider and username/password are not supported; use a certificate, a token or an exec plugin")
            : CredentialSource.None;
    }

    private ExecPlugin Plugin(ConfigNode exec, string folder, string server, string? authorities, ConfigNode cluster)
    {
        var command = exec["command"].Value ?? throw Error("exec without a command");
        return new ExecPlugin
        {
            ApiVersion = exec["apiVersion"].Value ?? "client.authentication.k8s.io/v1",
            Command = command.Contains('/', StringComparison.Ordinal) ? Path.Combine(folder, command) : command,
            Arguments = [.. (exec["args"].Items ?? []).Select(item => item.Text ?? "")],
            Environment = (exec["env"].Items ?? []).ToDictionary(item => item["name"].Text ?? "", item => item["value"].Text ?? ""),
            InstallHint = exec["installHint"].Value,
            ClusterInfo = exec["provideClusterInfo"].IsTrue ? ExecClusterInfo.Write(server, authorities, cluster) : null,
        };
    }

    private (string Folder, ConfigNode Node) Find(string list, string name, string part)
    {
        foreach (var (folder, root) in _files)
        {
            if (root[list].Named(name, part) is { Exists: true } node)
            {
                return (folder, node);
            }
        }

        throw Error($"there is no {part} \"{name}\"");
    }

    // "x-data" is base64 and wins over the file "x", which is relative to the kubeconfig.
    private string? Data(ConfigNode node, string name, string folder)
    {
        try
        {
            return node[$"{name}-data"].Value is { } data ? Encoding.UTF8.GetString(Convert.FromBase64String(data))
                : node[name].Value is { } path ? File.ReadAllText(Path.Combine(folder, path))
                : null;
        }
        catch (FormatException)
        {
            throw Error($"{name}-data is not base64");
        }
        catch (IOException error)
        {
            throw Error($"{name}: {error.Message}");
        }
    }

    private X509Certificate2Collection Certificates(string pem)
    {
        var found = new X509Certificate2Collection();
        try
        {
            found.ImportFromPem(pem);
        }
        catch (CryptographicException error)
        {
            throw Error($"certificate-authority: {error.Message}");
        }

        return found.Count > 0 ? found : throw Error("certificate-authority holds no certificate");
    }

    private X509Certificate2 Certificate(string pem, string key)
    {
        try
        {
            return X509Certificate2.CreateFromPem(pem, key);
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            throw Error($"client-certificate or client-key: {error.Message}");
        }
    }

    private KubeConfigException Error(string message) => new($"kubeconfig {_where}: {message}");
}
