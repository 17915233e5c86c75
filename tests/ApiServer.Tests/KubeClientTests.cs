using System.Text.Json.Nodes;
using IrisOperator.Testing.ControlPlane;

namespace IrisOperator.ApiServer.Tests;

public sealed class KubeClientTests(ControlPlaneFixture fixture)
{
    private static readonly ApplyOptions _manager = new("test");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task create_read_patch_and_delete_go_round()
    {
        using var client = fixture.Plane.CreateClient();
        var ns = await fixture.CreateNamespaceAsync(client, Stop);
        var key = new ObjectKey(ns, "lease");

        Assert.Null(await client.GetAsync<V1Lease>(key, Stop));
        var made = await client.CreateAsync(Lease(key, "a"), Stop);
        Assert.Equal("a", (await client.GetAsync<V1Lease>(key, Stop))!.Spec!.HolderIdentity);
        var patched = await client.PatchAsync<V1Lease>(
            key, JsonNode.Parse("""{"spec":{"holderIdentity":null}}""")!.AsObject(), null, Stop);
        Assert.Null(patched.Spec!.HolderIdentity);

        Assert.True(await client.DeleteAsync<V1Lease>(key, new DeleteOptions { Uid = made.Metadata.Uid }, Stop));
        Assert.False(await client.DeleteAsync<V1Lease>(key, new DeleteOptions { Uid = made.Metadata.Uid }, Stop));
        Assert.Null(await client.GetAsync<V1Lease>(key, Stop));
    }

    [Fact]
    public async Task create_of_a_taken_name_is_already_exists_and_not_conflict()
    {
        using var client = fixture.Plane.CreateClient();
        var ns = await fixture.CreateNamespaceAsync(client, Stop);
        var lease = Lease(new ObjectKey(ns, "lease"), "a");
        await client.CreateAsync(lease, Stop);

        var error = await Assert.ThrowsAsync<KubeApiException>(() => client.CreateAsync(lease, Stop));

        Assert.True(error.IsAlreadyExists);
        Assert.False(error.IsConflict);
    }

    [Fact]
    public async Task delete_with_the_uid_of_another_incarnation_is_refused()
    {
        using var client = fixture.Plane.CreateClient();
        var ns = await fixture.CreateNamespaceAsync(client, Stop);
        var key = new ObjectKey(ns, "lease");
        await client.CreateAsync(Lease(key, "a"), Stop);

        var options = new DeleteOptions { Uid = "11111111-1111-1111-1111-111111111111" };
        var error = await Assert.ThrowsAsync<KubeApiException>(() => client.DeleteAsync<V1Lease>(key, options, Stop));

        Assert.True(error.IsConflict);
        Assert.NotNull(await client.GetAsync<V1Lease>(key, Stop));
    }

    [Fact]
    public async Task apply_creates_changes_and_takes_back_its_own_fields()
    {
        using var client = fixture.Plane.CreateClient();
        var ns = await fixture.CreateNamespaceAsync(client, Stop);
        var deployment = Deployment(new ObjectKey(ns, "web"));

        var made = await client.ApplyAsync(deployment with { Spec = deployment.Spec! with { MinReadySeconds = 5 } }, _manager, Stop);
        Assert.Equal(5, made.Spec!.MinReadySeconds);
        Assert.Equal(1, made.Metadata.Generation);

        var changed = await client.ApplyAsync(deployment, _manager, Stop);
        Assert.Null(changed.Spec!.MinReadySeconds);
        Assert.Equal(2, changed.Metadata.Generation);
    }

    [Fact]
    public async Task applying_the_same_again_changes_nothing()
    {
        using var client = fixture.Plane.CreateClient();
        var ns = await fixture.CreateNamespaceAsync(client, Stop);
        var deployment = Deployment(new ObjectKey(ns, "web"));

        var first = await client.ApplyAsync(deployment, _manager, Stop);
        var second = await client.ApplyAsync(deployment, _manager, Stop);

        Assert.Equal(first.Metadata.ResourceVersion, second.Metadata.ResourceVersion);
    }

    [Fact]
    public async Task apply_without_force_conflicts_with_another_manager()
    {
        using var client = fixture.Plane.CreateClient();
        var ns = await fixture.CreateNamespaceAsync(client, Stop);
        var deployment = Deployment(new ObjectKey(ns, "web"));
        await client.ApplyAsync(deployment, _manager, Stop);
        var other = deployment with { Spec = deployment.Spec! with { Replicas = 3 } };

        var error = await Assert.ThrowsAsync<KubeApiException>(
            () => client.ApplyAsync(other, new ApplyOptions("other") { Force = false }, Stop));
        Assert.True(error.IsConflict);
        Assert.Contains("test", error.Status.Details!.Causes![0].Message, StringComparison.Ordinal);

        var forced = await client.ApplyAsync(other, new ApplyOptions("other"), Stop);
        Assert.Equal(3, forced.Spec!.Replicas);
    }

    [Fact]
    public async Task status_is_patched_without_touching_the_spec()
    {
        using var client = fixture.Plane.CreateClient();
        var ns = await fixture.CreateNamespaceAsync(client, Stop);
        var deployment = await client.ApplyAsync(Deployment(new ObjectKey(ns, "web")), _manager, Stop);

        var patch = JsonNode.Parse("""{"status":{"observedGeneration":1,"replicas":2},"spec":{"replicas":7}}""")!.AsObject();
        var after = await client.PatchStatusAsync<V1Deployment>(deployment.Key(), patch, null, Stop);

        Assert.Equal((2, 1), (after.Status.Replicas, after.Spec.Replicas));
        Assert.Equal(deployment.Metadata.Generation, after.Metadata.Generation);
    }

    [Fact]
    public async Task lists_follow_their_pages_and_selectors()
    {
        using var client = fixture.Plane.CreateClient();
        var ns = await fixture.CreateNamespaceAsync(client, Stop);
        for (var i = 0; i < 7; i++)
        {
            var lease = Lease(new ObjectKey(ns, $"lease-{i}"), "a");
            var labels = new Dictionary<string, string> { ["odd"] = i % 2 == 1 ? "yes" : "no" };
            await client.CreateAsync(lease with { Metadata = lease.Metadata with { Labels = labels } }, Stop);
        }

        var all = await client.ListAsync<V1Lease>(NamespaceScope.In(ns), new ListOptions { PageSize = 3 }, Stop);
        var odd = await client.ListAsync<V1Lease>(NamespaceScope.In(ns), new ListOptions { LabelSelector = "odd=yes", PageSize = 2 }, Stop);

        Assert.Equal(7, all.Items.Count);
        Assert.Equal(3, odd.Items.Count);
        Assert.Empty(all.Invalid);
    }

    [Fact]
    public async Task metadata_comes_without_the_content()
    {
        using var client = fixture.Plane.CreateClient();

        var metadata = await client.GetMetadataAsync<V1ConfigMap>(new ObjectKey("kube-system", "extension-apiserver-authentication"), Stop);
        var map = await client.GetAsync<V1ConfigMap>(new ObjectKey("kube-system", "extension-apiserver-authentication"), Stop);

        Assert.Equal("extension-apiserver-authentication", metadata!.Metadata!.Name);
        Assert.Equal(metadata.Metadata.Uid, map!.Metadata.Uid);
        Assert.NotEmpty(map.Data);
        Assert.Null(await client.GetMetadataAsync<V1ConfigMap>(new ObjectKey("kube-system", "none"), Stop));
    }

    [Fact]
    public async Task invalid_objects_name_the_field_and_forbidden_ones_the_verb()
    {
        using var client = fixture.Plane.CreateClient();
        using var stranger = fixture.Plane.CreateClient(fixture.Plane.ForUser("stranger"));
        var ns = await fixture.CreateNamespaceAsync(client, Stop);
        var deployment = Deployment(new ObjectKey(ns, "web"));

        var invalid = await Assert.ThrowsAsync<KubeApiException>(
            () => client.ApplyAsync(deployment with { Spec = deployment.Spec! with { Replicas = -1 } }, _manager, Stop));
        var forbidden = await Assert.ThrowsAsync<KubeApiException>(() => stranger.GetAsync<V1Lease>(new ObjectKey(ns, "x"), Stop));

        Assert.True(invalid.IsInvalid);
        Assert.Equal("spec.replicas", invalid.Status.Details!.Causes![0].Field);
        Assert.True(forbidden.IsForbidden);
        Assert.Contains("cannot get resource \"leases\"", forbidden.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task a_hundred_requests_run_side_by_side(string version)
    {
        using var client = fixture.Plane.CreateClient(options: new KubeClientOptions { HttpVersion = Version.Parse(version) });
        var ns = await fixture.CreateNamespaceAsync(client, Stop);

        var made = await Task.WhenAll(
            Enumerable.Range(0, 100).Select(i => client.CreateAsync(Lease(new ObjectKey(ns, $"l{i}"), "a"), Stop)));

        Assert.Equal(100, made.Select(lease => lease.Metadata.Uid).Distinct().Count());
    }

    [Fact]
    public async Task kubeconfig_file_of_the_control_plane_works()
    {
        using var client = new KubeClient(ClusterConfiguration.FromFiles([fixture.Plane.KubeConfigFile], null, TimeProvider.System));

        Assert.NotNull(await client.GetAsync<V1Namespace>(new ObjectKey(null, "default"), Stop));
    }

    internal static V1Lease Lease(ObjectKey key, string holder) => new()
    {
        Metadata = new V1ObjectMeta { NamespaceProperty = key.Namespace, Name = key.Name },
        Spec = new V1LeaseSpec { HolderIdentity = holder, LeaseDurationSeconds = 15 },
    };

    internal static V1Deployment Deployment(ObjectKey key)
    {
        var labels = new Dictionary<string, string> { ["app"] = key.Name };
        return new V1Deployment
        {
            Metadata = new V1ObjectMeta { NamespaceProperty = key.Namespace, Name = key.Name, Labels = labels },
            Spec = new V1DeploymentSpec
            {
                Replicas = 1,
                Selector = new V1LabelSelector { MatchLabels = labels },
                Template = new V1PodTemplateSpec
                {
                    Metadata = new V1ObjectMeta { Labels = labels },
                    Spec = new V1PodSpec { Containers = [new V1Container { Name = "web", Image = "nginx" }] },
                },
            },
        };
    }
}
