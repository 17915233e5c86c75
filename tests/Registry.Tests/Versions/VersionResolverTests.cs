using System.Text;
using IrisOperator.Registry.Tests.Servers;
using IrisOperator.Registry.Versions;
using IrisOperator.Testing;

namespace IrisOperator.Registry.Tests.Versions;

/// <summary>From a range to a digest, on registries whose lists are out of date.</summary>
public sealed class VersionResolverTests : LoopbackTests<SkippingTimeProvider>
{
    [Fact]
    public async Task a_version_that_was_deleted_since_it_was_listed_is_passed_over()
    {
        var registry = Serve(exchange => exchange.Path switch
        {
            "/v2/iris/tags/list" => exchange.AnswerAsync(200, """{"tags":["1.0.0","1.2.0","1.1.0","latest","2.0.0"]}"""),
            var path => exchange.AnswerAsync(
                path.EndsWith("1.2.0", StringComparison.Ordinal) ? 404 : 200,
                ("Content-Type", MediaTypes.Manifest),
                ("Docker-Content-Digest", Digest.Of(Encoding.UTF8.GetBytes(path)).ToString())),
        });
        var client = Client(Registries.Named(registry));

        var best = await VersionResolver.ResolveAsync(client, registry.Repository, VersionRange.Parse("1.x"), Stop);

        Assert.Equal("1.1.0", best!.Tag!.Text);
        Assert.Equal(Digest.Of("/v2/iris/manifests/1.1.0"u8), best.Digest);
        Assert.Null(await VersionResolver.ResolveAsync(client, registry.Repository, VersionRange.Parse("7.x"), Stop));
    }

    [Fact]
    public async Task an_exact_version_needs_no_list()
    {
        var registry = Serve(exchange => exchange.Path.EndsWith("v1.2.3", StringComparison.Ordinal)
            ? exchange.AnswerAsync(200, ("Content-Type", MediaTypes.Manifest), ("Docker-Content-Digest", Digest.Of([]).ToString()))
            : exchange.AnswerAsync(404));

        var found = await VersionResolver.ResolveAsync(
            Client(Registries.Named(registry)), registry.Repository, VersionRange.Parse("1.2.3"), Stop);

        Assert.Equal("v1.2.3", found!.Tag!.Text);
        Assert.Equal(
            ["HEAD /v2/iris/manifests/1.2.3", "GET /v2/iris/manifests/1.2.3", "HEAD /v2/iris/manifests/v1.2.3"], registry.Lines);
    }
}
