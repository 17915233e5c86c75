using System.Net;
using IrisOperator.Registry.Images;
using IrisOperator.Registry.Tests.Servers;

namespace IrisOperator.Registry.Tests.Hostile;

public sealed class RedirectTests : HostileRegistry
{
    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    [InlineData("https://10.96.0.1/api")]
    [InlineData("https://127.0.0.1:2379/v3")]
    [InlineData("https://[::1]:2379/v3")]
    [InlineData("https://[::ffff:169.254.169.254]/x")]
    [InlineData("https://2130706433/x")]
    [InlineData("https://0x7f000001/x")]
    [InlineData("https://0/x")]
    [InlineData("https://rebound.example/x")]
    [InlineData("https://routable.cluster.example/x")]
    [InlineData("http://public.example/x")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://public.example/x")]
    [InlineData("https://user:pass@public.example/x")]
    public async Task redirect_to_where_we_do_not_go_is_refused(string location)
    {
        var registry = Serve(exchange => exchange.AnswerAsync(307, ("Location", location)));
        var client = Client(
            Registries.Named(registry) with { Resolve = ResolveAsync, DeniedNetworks = [IPNetwork.Parse("34.118.0.0/16")] },
            Registries.Credentials(registry));

        var error = await Assert.ThrowsAsync<RegistryException>(
            () => client.GetManifestAsync(registry.Repository.With(Tag.Parse("1.0.0")), Stop));

        Assert.Equal(RegistryProblem.RefusedRedirect, error.Problem);
        Assert.Single(registry.Requests);
    }

    [Fact]
    public async Task redirect_to_another_loopback_server_makes_no_connection()
    {
        var other = Serve(Registries.AnswerManifestAsync);
        var registry = Serve(exchange => exchange.AnswerAsync(307, ("Location", $"https://127.0.0.1:{other.Port}/x")));

        await RefusedAsync(RegistryProblem.RefusedRedirect, registry);

        Assert.Equal(0, other.Connections);
    }

    [Fact]
    public async Task redirect_to_a_named_store_is_followed_without_credentials()
    {
        var store = Serve(Registries.AnswerManifestAsync);
        var registry = Serve(exchange => exchange["Authorization"] is null
            ? exchange.AnswerAsync(401, ("WWW-Authenticate", "Basic realm=\"x\""))
            : exchange.AnswerAsync(307, ("Location", $"http://127.0.0.1:{store.Port}/blob?signature=1")));
        var client = Client(Registries.Named(registry, store), Registries.Credentials(registry));

        var manifest = await client.GetManifestAsync(registry.Repository.With(Tag.Parse("1.0.0")), Stop);

        Assert.Equal(Registries.Manifest.Digest, manifest.Digest);
        Assert.Equal([null, Registries.Basic], registry.Requests.Select(request => request["Authorization"]));
        Assert.Equal([null], store.Requests.Select(request => request["Authorization"]));
    }

    // containerd's CVE-2020-15157: the store answered 401 and was given the registry's password.
    [Fact]
    public async Task challenge_of_a_redirects_target_is_not_answered()
    {
        var store = Serve(exchange => exchange.AnswerAsync(401, ("WWW-Authenticate", "Basic realm=\"x\"")));
        var registry = Serve(exchange => exchange["Authorization"] is null
            ? exchange.AnswerAsync(401, ("WWW-Authenticate", "Basic realm=\"x\""))
            : exchange.AnswerAsync(307, ("Location", $"http://127.0.0.1:{store.Port}/x")));

        await RefusedAsync(RegistryProblem.Unauthorized, registry, store);

        Assert.Equal([null], store.Requests.Select(request => request["Authorization"]));
    }

    [Fact]
    public async Task redirects_end_after_three()
    {
        var registry = Serve(exchange => exchange.AnswerAsync(302, ("Location", $"{exchange.Path}x")));

        await RefusedAsync(RegistryProblem.RefusedRedirect, registry);

        Assert.Equal(4, registry.Requests.Count);
    }

    [Fact]
    public async Task name_that_resolves_to_a_private_address_is_refused_unless_it_is_named()
    {
        var registry = Serve(Registries.AnswerManifestAsync);
        var host = RegistryHost.Parse($"registry.test:{registry.Port}");
        var image = RepositoryName.Parse($"{host}/iris").With(Tag.Parse("1.0.0"));
        var options = Registries.Named() with { Resolve = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]) };

        var error = await Assert.ThrowsAsync<RegistryException>(() => Client(options).GetManifestAsync(image, Stop));
        Assert.Equal(RegistryProblem.RefusedAddress, error.Problem);
        Assert.Equal(0, registry.Connections);

        var named = options with { Registries = [new RegistryEndpoint { Host = host, PlainHttp = true }] };
        Assert.Equal(Registries.Manifest.Digest, (await Client(named).GetManifestAsync(image, Stop)).Digest);
    }

    // The second resolution would give the forbidden address; there must be none.
    [Fact]
    public async Task the_address_that_was_checked_is_the_one_that_is_used()
    {
        var resolutions = 0;
        var registry = Serve(Registries.AnswerManifestAsync);
        var host = RegistryHost.Parse($"registry.test:{registry.Port}");
        var options = Registries.Named() with
        {
            Registries = [new RegistryEndpoint { Host = host, PlainHttp = true }],
            Resolve = (_, _) => Task.FromResult<IPAddress[]>(
                [Interlocked.Increment(ref resolutions) == 1 ? IPAddress.Loopback : IPAddress.Parse("169.254.169.254")]),
        };

        await Client(options).GetManifestAsync(RepositoryName.Parse($"{host}/iris").With(Tag.Parse("1.0.0")), Stop);

        Assert.Equal(1, resolutions);
    }

    [Fact]
    public async Task registry_that_is_not_named_is_refused_where_only_named_ones_are_allowed()
    {
        var client = Client(new RegistryOptions { OnlyNamedRegistries = true });

        var error = await Assert.ThrowsAsync<RegistryException>(
            () => client.GetManifestAsync(ImageReference.Parse("registry.example/iris:1"), Stop));

        Assert.Equal(RegistryProblem.RefusedAddress, error.Problem);
        Assert.Contains("not among the registries", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task foreign_layers_are_refused_and_their_addresses_never_asked()
    {
        var evil = Serve(exchange => exchange.AnswerAsync(200, "x"));
        string[] types =
        [
            "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
            "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
            "application/vnd.oci.image.layer.v1.tar+gzip",
        ];
        foreach (var type in types)
        {
            var digest = Digest.Of("x"u8);
            var manifest = $$"""
                {"schemaVersion":2,"config":{"mediaType":"{{MediaTypes.Config}}","digest":"{{digest}}","size":1},"layers":[
                {"mediaType":"{{type}}","digest":"{{digest}}","size":1,"urls":["http://127.0.0.1:{{evil.Port}}/x"]}]}
                """;
            var registry = Serve(exchange => exchange.Path.Contains("/manifests/", StringComparison.Ordinal)
                ? exchange.AnswerAsync(200, manifest, ("Content-Type", MediaTypes.Manifest))
                : exchange.AnswerAsync(exchange.Method == "HEAD" ? 200 : 500));
            var layer = TarLayer.Create([]);
            var appender = new ImageAppender(Client(Registries.Named(registry, evil), Registries.Credentials(registry)));

            var error = await Assert.ThrowsAsync<RegistryException>(
                () => appender.AppendAsync(
                    registry.Repository.With(Tag.Parse("1.0.0")), registry.Repository, new ImageChange { Layer = layer }, Stop));

            Assert.Equal(RegistryProblem.Unsupported, error.Problem);
        }

        Assert.Equal(0, evil.Connections);
    }

    [Fact]
    public async Task upload_does_not_follow_a_session_to_another_place()
    {
        var evil = Serve(exchange => exchange.AnswerAsync(202));
        var registry = Serve(exchange => exchange.Method == "HEAD"
            ? exchange.AnswerAsync(404)
            : exchange.AnswerAsync(202, ("Location", $"http://127.0.0.1:{evil.Port}/upload")));
        var client = Client(Registries.Named(registry, evil), Registries.Credentials(registry));

        var error = await Assert.ThrowsAsync<RegistryException>(() => client.EnsureBlobAsync(
            registry.Repository, new Descriptor("x", Digest.Of("x"u8), 1),
            null, _ => Task.FromResult<Stream>(new MemoryStream("x"u8.ToArray())), Stop));

        Assert.Equal(RegistryProblem.RefusedRedirect, error.Problem);
        Assert.Equal(0, evil.Connections);
    }

    private static Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) => host switch
    {
        "rebound.example" => Task.FromResult<IPAddress[]>([IPAddress.Parse("169.254.169.254"), IPAddress.Parse("10.0.0.1")]),
        "routable.cluster.example" => Task.FromResult<IPAddress[]>([IPAddress.Parse("34.118.0.9")]),
        _ => throw new InvalidOperationException($"must not be resolved: {host}"),
    };
}
