using System.Text;
using IrisOperator.Registry.Authentication;
using IrisOperator.Registry.Tests.Servers;
using IrisOperator.Registry.Versions;
using IrisOperator.Testing;

namespace IrisOperator.Registry.Tests;

/// <summary>The client on a registry that people run: Debian's docker-registry.</summary>
public sealed class DebianRegistryTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ten_thousand_tags_are_resolved()
    {
        await using var server = await DebianRegistry.StartAsync(Stop);
        var client = server.Client;
        var repository = server.Repository("iris");
        var image = await BaseImages.PushAsync(client, repository, "0.0.1", platforms: 1, Stop);
        server.WriteTags("iris", image.Digest, Enumerable.Range(0, 10_000).Select(i => $"{i / 1000}.{i / 10 % 100}.{i % 10}"));

        var best = await VersionResolver.ResolveAsync(client, repository, VersionRange.Parse("7.x"), Stop);

        Assert.Equal("7.99.9", best!.Tag!.Text);
        Assert.Equal(image.Digest, best.Digest);
        Assert.Equal(10_000, await client.ListTagsAsync(repository, Stop).CountAsync(Stop));
    }

    [Fact]
    public async Task a_registry_with_passwords_lets_in_who_has_the_right_one()
    {
        await using var server = await DebianRegistry.StartAsync(Stop, authentication: true);
        using var transport = new RegistryTransport(server.Options);
        var auth = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{DebianRegistry.User}:{DebianRegistry.Password}"));
        var login = Encoding.UTF8.GetBytes($$$"""{"auths":{"{{{server.Host}}}":{"auth":"{{{auth}}}"} } }""");
        var right = new RegistryClient(transport, RegistryCredentials.FromDockerConfig(login));
        var wrong = new RegistryClient(
            transport, RegistryCredentials.For(server.Host, RegistryCredential.Password(DebianRegistry.User, "canary")));
        var nobody = new RegistryClient(transport, RegistryCredentials.None);
        var repository = server.Repository("iris");

        var image = await BaseImages.PushAsync(right, repository, "1.0.0", platforms: 1, Stop);

        Assert.Equal(image.Digest, (await right.HeadManifestAsync(repository.With(Tag.Parse("1.0.0")), Stop))!.Digest);
        foreach (var client in new[] { wrong, nobody })
        {
            var error = await Assert.ThrowsAsync<RegistryException>(
                () => client.ListTagsAsync(repository, Stop).ToListAsync(Stop).AsTask());
            Assert.Equal(RegistryProblem.Unauthorized, error.Problem);
            Assert.DoesNotContain("canary", error.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task what_is_not_there_is_told_apart()
    {
        await using var server = await DebianRegistry.StartAsync(Stop, deletion: false);
        var client = server.Client;
        var repository = server.Repository("iris");

        Assert.Null(await client.HeadManifestAsync(repository.With(Tag.Parse("1.0.0")), Stop));
        Assert.False(await client.HasBlobAsync(repository, Digest.Of([]), Stop));
        Assert.Equal(
            RegistryProblem.NotFound,
            (await Assert.ThrowsAsync<RegistryException>(() => client.GetManifestAsync(repository.With(Digest.Of([])), Stop))).Problem);
        Assert.Equal(
            RegistryProblem.NotFound,
            (await Assert.ThrowsAsync<RegistryException>(() => client.ListTagsAsync(repository, Stop).ToListAsync(Stop).AsTask())).Problem);
        await BaseImages.PushAsync(client, repository, "1.0.0", platforms: 1, Stop);
        Assert.Equal(
            RegistryProblem.Rejected,
            (await Assert.ThrowsAsync<RegistryException>(() => client.DeleteAsync(repository.With(Tag.Parse("1.0.0")), Stop))).Problem);
    }

    [Fact]
    public async Task a_manifest_is_deleted_by_digest_and_an_empty_blob_is_uploaded()
    {
        await using var server = await DebianRegistry.StartAsync(Stop);
        var client = server.Client;
        var repository = server.Repository("iris");
        var image = await BaseImages.PushAsync(client, repository, "1.0.0", platforms: 1, Stop);

        Assert.True(await client.DeleteAsync(repository.With(image.Digest), Stop));
        Assert.False(await client.DeleteAsync(repository.With(image.Digest), Stop));
        var empty = new Descriptor("x", Digest.Of([]), 0);
        await client.EnsureBlobAsync(repository, empty, null, _ => Task.FromResult(Stream.Null), Stop);
        await client.EnsureBlobAsync(repository, empty, null, _ => throw new InvalidOperationException("it is there"), Stop);
        Assert.Empty(await client.ReadBlobAsync(repository, empty, Stop));
    }
}
