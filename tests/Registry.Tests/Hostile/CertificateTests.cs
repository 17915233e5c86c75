using System.Net;
using System.Security.Cryptography.X509Certificates;
using IrisOperator.Registry.Tests.Servers;
using IrisOperator.Testing;
using IrisOperator.Testing.ControlPlane;

namespace IrisOperator.Registry.Tests.Hostile;

public sealed class CertificateTests : HostileRegistry
{
    [Fact]
    public async Task certificate_of_nobody_we_know_is_not_trusted()
    {
        using var authority = new TestAuthority();
        using var certificate = Certificate(authority);
        var registry = Keep(new LoopbackServer(Registries.AnswerManifestAsync, certificate));
        var options = new RegistryOptions { Registries = [new RegistryEndpoint { Host = registry.Host }], MaxRetries = 0 };

        var error = await Assert.ThrowsAsync<RegistryException>(
            () => Client(options).GetManifestAsync(registry.Repository.With(Tag.Parse("1.0.0")), Stop));

        Assert.Equal(RegistryProblem.Untrusted, error.Problem);
        Assert.Empty(registry.Requests);
    }

    [Fact]
    public async Task certificate_authority_is_read_again_when_its_file_changes()
    {
        using var folder = new TempFolder();
        using var authority = new TestAuthority();
        using var other = new TestAuthority();
        using var certificate = Certificate(authority);
        var registry = Keep(new LoopbackServer(Registries.AnswerManifestAsync, certificate));
        var file = folder.Combine("ca.crt");
        await File.WriteAllTextAsync(file, other.Pem, Stop);
        var client = Client(new RegistryOptions
        {
            Registries = [new RegistryEndpoint { Host = registry.Host, CertificateAuthorityFile = file }],
            MaxRetries = 0,
        });
        var image = registry.Repository.With(Tag.Parse("1.0.0"));
        var untrusted = await Assert.ThrowsAsync<RegistryException>(() => client.GetManifestAsync(image, Stop));
        Assert.Equal(RegistryProblem.Untrusted, untrusted.Problem);

        await File.WriteAllTextAsync(file, $"{authority.Pem}\n{other.Pem}", Stop);

        Assert.Equal(Registries.Manifest.Digest, (await client.GetManifestAsync(image, Stop)).Digest);
    }

    [Fact]
    public async Task certificate_for_another_name_is_not_trusted_even_from_a_known_authority()
    {
        using var folder = new TempFolder();
        using var authority = new TestAuthority();
        using var certificate = Certificate(authority);
        var registry = Keep(new LoopbackServer(Registries.AnswerManifestAsync, certificate));
        await File.WriteAllTextAsync(folder.Combine("ca.crt"), authority.Pem, Stop);
        var host = RegistryHost.Parse($"registry.test:{registry.Port}");
        var options = new RegistryOptions
        {
            Registries = [new RegistryEndpoint { Host = host, CertificateAuthorityFile = folder.Combine("ca.crt") }],
            MaxRetries = 0,
            Resolve = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]),
        };

        var error = await Assert.ThrowsAsync<RegistryException>(
            () => Client(options).GetManifestAsync(ImageReference.Parse($"{host}/iris:1"), Stop));

        Assert.Equal(RegistryProblem.Untrusted, error.Problem);
    }

    private static X509Certificate2 Certificate(TestAuthority authority)
    {
        var (certificate, key) = authority.IssueServer();
        return X509Certificate2.CreateFromPem(certificate, key);
    }
}
