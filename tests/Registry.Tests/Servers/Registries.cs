using System.Text;
using IrisOperator.Registry.Authentication;

namespace IrisOperator.Registry.Tests.Servers;

/// <summary>Options and content that many tests need.</summary>
internal static class Registries
{
    public const string User = "robot";
    public const string Secret = "canary-7f3a-secret";

    public static readonly Manifest Manifest = new(
        MediaTypes.Manifest,
        Encoding.UTF8.GetBytes(
            $$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.Manifest}}","config":"""
            + $$"""{"mediaType":"{{MediaTypes.Config}}","digest":"sha256:{{new string('0', 64)}}","size":2},"layers":[]}"""));

    /// <summary>The servers are named as plain http, and nothing is repeated.</summary>
    public static RegistryOptions Named(params IEnumerable<LoopbackServer> servers) => new()
    {
        Registries = [.. servers.Select(server => new RegistryEndpoint { Host = server.Host, PlainHttp = true })],
        MaxRetries = 0,
        Jitter = () => 0,
    };

    public static RegistryCredentials Credentials(LoopbackServer server) =>
        RegistryCredentials.For(server.Host, RegistryCredential.Password(User, Secret));

    public static string Basic => $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Secret}"))}";

    public static Task AnswerManifestAsync(Exchange exchange) => exchange.AnswerAsync(
        200, Manifest.Bytes.ToArray(), ("Content-Type", Manifest.MediaType), ("Docker-Content-Digest", Manifest.Digest.ToString()));
}
