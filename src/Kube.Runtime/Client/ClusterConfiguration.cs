using System.Text;
using k8s.Exceptions;
using k8s.KubeConfigModels;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace IrisOperator.Kube.Runtime.Client;

/// <summary>
/// How to reach a cluster, as the package's own configuration. The package reads documents, contexts, addresses and passwords; files that
/// are replaced while the program runs, and what its reader does not know, are added here (docs/adr/0001 lists what and why).
/// </summary>
public static class ClusterConfiguration
{
    private const string ServiceAccount = "/var/run/secrets/kubernetes.io/serviceaccount";

    /// <summary>
    /// The files in KUBECONFIG; else the pod's service account; else <c>~/.kube/config</c>. The order of controller-runtime: a program
    /// in a pod never takes a stray file from its home.
    /// </summary>
    /// <exception cref="KubeConfigException">None of the three is there, or the one that is cannot be used.</exception>
    public static KubernetesClientConfiguration Infer(TimeProvider time)
    {
        if (Environment.GetEnvironmentVariable("KUBECONFIG") is { Length: > 0 } paths)
        {
            return FromFiles(paths.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries), null, time);
        }

        if (KubernetesClientConfiguration.IsInCluster())
        {
            return InCluster();
        }

        var home = Expand("~/.kube/config");
        return File.Exists(home)
            ? FromFiles([home], null, time)
            : throw new KubeConfigException($"no cluster: KUBECONFIG is not set, this is not a pod, and {home} does not exist");
    }

    /// <summary>Of several files, and of several documents in one, the first that has a name wins, as with kubectl.</summary>
    /// <param name="paths">YAML or JSON. Of several, those that do not exist are passed over, as kubectl does.</param>
    /// <param name="context">Null takes <c>current-context</c>.</param>
    /// <exception cref="KubeConfigException">Names the file and the field.</exception>
    public static KubernetesClientConfiguration FromFiles(IReadOnlyList<string> paths, string? context, TimeProvider time)
    {
        var documents = paths.Select(Expand).Where(path => paths.Count == 1 || File.Exists(path)).SelectMany(Read).ToArray();
        var files = $"kubeconfig {string.Join(", ", paths)}";
        context ??= documents.Select(document => document.Content.CurrentContext).FirstOrDefault(name => !string.IsNullOrEmpty(name))
            ?? throw new KubeConfigException($"{files}: no current-context; choose a context");
        var chosen = Find(content => content.Contexts, item => item.Name, "context", context).Item;
        var (cluster, of) = Find(content => content.Clusters, item => item.Name, "cluster", chosen.ContextDetails?.Cluster);
        var trust = new ServerTrust
        {
            Authorities = of.Authorities(cluster),
            Proxy = of.Proxy(cluster),
        };
        RotatingCredentials? credentials = null;
        User? user = null;
        if (chosen.ContextDetails!.User is { Length: > 0 } name)
        {
            (user, of) = Find(content => content.Users, item => item.Name, "user", name);
            credentials = of.Credentials(user, cluster.ClusterEndpoint, trust.Authorities, time);
        }

        var configuration = Build(files, chosen, cluster, credentials is null ? user : null);
        configuration.TokenProvider = credentials;
        trust.Certificate = credentials is null ? null : () => credentials.Certificate;
        configuration.FirstMessageHandlerSetup = trust.Apply;
        return configuration;

        (T Item, KubeConfigDocument Document) Find<T>(
            Func<K8SConfiguration, IEnumerable<T>?> list, Func<T, string?> nameOf, string part, string? wanted)
            where T : class =>
            documents.SelectMany(document => (list(document.Content) ?? []).Select(item => (Item: item, Document: document)))
                .FirstOrDefault(found => nameOf(found.Item) == wanted) is { Item: not null } found
                ? found
                : throw new KubeConfigException($"{files}: there is no {part} \"{wanted}\"");
    }

    private static KubernetesClientConfiguration InCluster()
    {
        var configuration = KubernetesClientConfiguration.InClusterConfig();
        configuration.TokenProvider = new TokenFileCredentials(Path.Combine(ServiceAccount, "token"));
        configuration.SslCaCerts = null;
        configuration.FirstMessageHandlerSetup = new ServerTrust
        {
            Authorities = ServerTrust.AuthoritiesIn(
                Path.Combine(ServiceAccount, "ca.crt"), message => new KubeConfigException($"service account, ca.crt: {message}")),
        }.Apply;
        return configuration;
    }

    // The package checks what is left: address, server name, token, user name and password.
    private static KubernetesClientConfiguration Build(string files, Context context, Cluster cluster, User? user)
    {
        if (!Uri.TryCreate(cluster.ClusterEndpoint?.Server, UriKind.Absolute, out var server) || server.Scheme is not ("https" or "http"))
        {
            throw new KubeConfigException($"{files}: cluster \"{cluster.Name}\": server is not an http or https address");
        }

        context.ContextDetails.User = user?.Name;
        var content = new K8SConfiguration { Contexts = [context], Clusters = [cluster], Users = user is null ? [] : [user] };
        try
        {
            return KubernetesClientConfiguration.BuildConfigFromConfigObject(content, context.Name);
        }
        catch (KubeConfigException error)
        {
            throw new KubeConfigException($"{files}: {error.Message}", error);
        }
    }

    internal static string Expand(string path) => path == "~" || path.StartsWith("~/", StringComparison.Ordinal)
        ? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + path[1..]
        : path;

    private static IEnumerable<KubeConfigDocument> Read(string path)
    {
        try
        {
            var text = File.ReadAllText(path);
            return [.. Documents(text).Select(document => Read(Path.GetFullPath(path), document)).OfType<KubeConfigDocument>()];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new KubeConfigException($"kubeconfig {path}: {error.Message}", error);
        }
        catch (YamlException error)
        {
            throw new KubeConfigException($"kubeconfig {path}, line {error.Start.Line}: {error.Message}", error);
        }
    }

    // The package reads the first document of a text and leaves the others.
    private static IEnumerable<string> Documents(string text)
    {
        var parser = new Parser(new StringReader(text));
        var start = 0L;
        while (parser.MoveNext())
        {
            if (parser.Current is DocumentStart)
            {
                start = parser.Current.End.Index;
            }
            else if (parser.Current is DocumentEnd)
            {
                yield return text[(int)start..(int)parser.Current.Start.Index];
            }
        }
    }

    private static KubeConfigDocument? Read(string path, string document)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(document));
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(document));
        return yaml.Documents is [{ RootNode: YamlMappingNode root }]
            ? new KubeConfigDocument(path, KubernetesClientConfiguration.LoadKubeConfig(stream), root)
            : null;
    }
}
