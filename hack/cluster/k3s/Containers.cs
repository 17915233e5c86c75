using System.Security.Cryptography;
using System.Text;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Containers;
using Microsoft.Extensions.Logging.Abstractions;
using Testcontainers.K3s;

namespace IrisOperator.K3s;

/// <summary>The two containers of a state folder. They outlive the process: without Testcontainers' reaper (WithCleanUp), and
/// found again by their label.</summary>
internal static class Containers
{
    /// <summary>Label of every container; the value is the state folder.</summary>
    public const string Label = "iris-operator.dev/k3s";

    /// <summary>What `docker ps` shows; each state folder has its own.</summary>
    public static string Name(StateFolder folder, string role) =>
        $"iris-{role}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(folder.Path)))[..8]}";

    public static IContainer Registry(StateFolder folder, string image) =>
        new ContainerBuilder(image)
            .WithName(Name(folder, "registry"))
            .WithLabel(Label, folder.Path)
            .WithLogger(NullLogger.Instance)
            .WithCleanUp(false)
            .WithEnvironment("REGISTRY_STORAGE_DELETE_ENABLED", "true")
            .Build();

    public static K3sContainer K3s(StateFolder folder, string image, string registry) =>
        new K3sBuilder(image)
            .WithName(Name(folder, "k3s"))
            .WithHostname("iris-k3s")
            .WithLabel(Label, folder.Path)
            .WithLogger(NullLogger.Instance)
            .WithCleanUp(false)
            .WithResourceMapping(PlainHttp(registry), "/etc/rancher/k3s/registries.yaml")
            .WithCommand("--disable=metrics-server", "--disable=servicelb")   // traefik the module disables already
            .Build();

    private static byte[] PlainHttp(string registry) =>
        Encoding.UTF8.GetBytes($"mirrors:\n  \"{registry}\":\n    endpoint: [\"http://{registry}\"]\n");
}
