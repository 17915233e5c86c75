using System.Text;
using IrisOperator.Registry.Tests.Servers;

namespace IrisOperator.Registry.Tests.Hostile;

public sealed class AnswerTests : HostileRegistry
{
    [Theory]
    [InlineData("sha256:../../../../etc/passwd")]
    [InlineData("sha256:../../../../../../../../../../../../../../../../etc/passwd/aaaaa")]
    [InlineData("md5:d41d8cd98f00b204e9800998ecf8427e")]
    [InlineData("")]
    public async Task digest_that_is_none_is_refused(string digest)
    {
        var registry = Serve(exchange => exchange.AnswerAsync(
            200, Registries.Manifest.Bytes.ToArray(), ("Content-Type", MediaTypes.Manifest), ("Docker-Content-Digest", digest)));

        await RefusedAsync(RegistryProblem.InvalidAnswer, registry);
        var client = Client(Registries.Named(registry));
        var error = await Assert.ThrowsAsync<RegistryException>(
            () => client.HeadManifestAsync(registry.Repository.With(Tag.Parse("1.0.0")), Stop));
        Assert.Equal(RegistryProblem.InvalidAnswer, error.Problem);
    }

    [Fact]
    public async Task manifest_with_another_digest_is_refused()
    {
        var registry = Serve(Registries.AnswerManifestAsync);
        var other = registry.Repository.With(Digest.Of("other"u8));
        var client = Client(Registries.Named(registry));

        var got = await Assert.ThrowsAsync<RegistryException>(() => client.GetManifestAsync(other, Stop));
        var headed = await Assert.ThrowsAsync<RegistryException>(() => client.HeadManifestAsync(other, Stop));
        Assert.Equal(RegistryProblem.DigestMismatch, got.Problem);
        Assert.Equal(RegistryProblem.DigestMismatch, headed.Problem);
    }

    [Fact]
    public async Task manifest_that_is_not_what_the_registry_says_it_is_is_refused()
    {
        var registry = Serve(exchange => exchange.AnswerAsync(
            200, """{"schemaVersion":2,"layers":[]}""",
            ("Content-Type", MediaTypes.Manifest),
            ("Docker-Content-Digest", Registries.Manifest.Digest.ToString())));

        await RefusedAsync(RegistryProblem.DigestMismatch, registry);
    }

    [Theory]
    [InlineData("""{"layers":[],"annotations":{"a":"\ud800"}}""")]
    [InlineData("""{"layers":[],"annotations":{"\ud800":"a"}}""")]
    public async Task manifest_with_half_a_character_is_refused_and_fails_nobody_who_reads_it(string body)
    {
        var registry = Serve(exchange => exchange.AnswerAsync(200, body, ("Content-Type", MediaTypes.Manifest)));

        await RefusedAsync(RegistryProblem.InvalidAnswer, registry);
    }

    [Theory]
    [InlineData(MediaTypes.Manifest, """{"layers":[],"manifests":[]}""", RegistryProblem.InvalidAnswer)]
    [InlineData(MediaTypes.Index, """{"layers":[]}""", RegistryProblem.InvalidAnswer)]
    [InlineData(
        MediaTypes.Index, """{"mediaType":"application/vnd.oci.image.manifest.v1+json","manifests":[]}""", RegistryProblem.InvalidAnswer)]
    [InlineData(MediaTypes.Manifest, """{"layers":[],"layers":[]}""", RegistryProblem.InvalidAnswer)]
    [InlineData(MediaTypes.Manifest, "[]", RegistryProblem.InvalidAnswer)]
    [InlineData(MediaTypes.Manifest, "<html>", RegistryProblem.InvalidAnswer)]
    [InlineData("application/vnd.docker.distribution.manifest.v1+prettyjws", """{"fsLayers":[]}""", RegistryProblem.Unsupported)]
    [InlineData("application/json", """{"layers":[]}""", RegistryProblem.Unsupported)]
    public async Task manifest_that_could_mean_two_things_is_refused(string type, string body, RegistryProblem expected)
    {
        var registry = Serve(exchange => exchange.AnswerAsync(200, body, ("Content-Type", type)));

        await RefusedAsync(expected, registry);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task manifest_that_is_too_large_is_refused(bool admitted)
    {
        var registry = Serve(async exchange =>
        {
            await exchange.StartAsync(200, admitted
                ? [("Content-Type", MediaTypes.Manifest), ("Content-Length", "4194305")]
                : [("Content-Type", MediaTypes.Manifest)]);
            while (true)
            {
                await exchange.WriteAsync(new byte[65536]);
            }
        });

        await RefusedAsync(RegistryProblem.TooLarge, registry);
    }

    [Theory]
    [InlineData("right content", null)]
    [InlineData("wrong content", RegistryProblem.DigestMismatch)]
    [InlineData("right conten", RegistryProblem.DigestMismatch)]
    [InlineData("right content and more", RegistryProblem.TooLarge)]
    public async Task blob_is_verified(string content, RegistryProblem? expected)
    {
        var registry = Serve(exchange => exchange.AnswerAsync(200, content));
        var reading = Client(Registries.Named(registry)).ReadBlobAsync(
            registry.Repository, new Descriptor("x", Digest.Of("right content"u8), "right content".Length), Stop);

        if (expected is null)
        {
            Assert.Equal(content, Encoding.UTF8.GetString(await reading));
        }
        else
        {
            Assert.Equal(expected, (await Assert.ThrowsAsync<RegistryException>(() => reading)).Problem);
        }
    }
}
