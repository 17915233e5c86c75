using IrisOperator.EndToEnd.Tests.Harness;

namespace IrisOperator.EndToEnd.Tests.Stories;

/// <summary>Others change the children: what the operator owns comes back, what it does not own is left alone.</summary>
public sealed class ForeignHandsTests(Cluster cluster) : Story(cluster, "foreign")
{
    [Fact]
    public async Task owned_fields_come_back_and_foreign_ones_stay()
    {
        await Space.CreateIrisAsync();
        await Space.ApplyAsync(Manifests.Training("iris"));
        await Space.ApplyAsync(Manifests.Model("iris"));
        await Space.WaitUntilReadyAsync(Resource.Models, "iris");
        var digest = await (await Space.AddressAsync("iris")).AskAsync();
        var wanted = (await Space.ReadAsync(Resource.Deployments, "iris")).Text("spec/template/spec/containers/0/image");

        await Space.KubectlAsync("label", "deployment,service", "iris", "team=flowers");
        await Space.KubectlAsync("annotate", "deployment,service", "iris", "example.org/note=kept");
        await Space.KubectlAsync("scale", "deployment/iris", "--replicas=3");
        await Space.KubectlAsync("set", "image", "deployment/iris", "server=registry.example/other:1.0.0");
        await Space.KubectlAsync("patch", "service", "iris", "--type=merge", "--patch", """{"spec":{"selector":{"app":"other"}}}""");

        var deployment = await Space.WaitAsync(Resource.Deployments, "iris", "as it was", TimeSpan.FromSeconds(10), found =>
            found.Number("spec/replicas") == 1 && found.Text("spec/template/spec/containers/0/image") == wanted);
        var service = await Space.WaitAsync(Resource.Services, "iris", "as it was", TimeSpan.FromSeconds(10), found =>
            found.At("spec/selector")!["app"] is null);
        await Space.WaitUntilReadyAsync(Resource.Models, "iris");

        Assert.All([deployment, service], child =>
        {
            Assert.Equal("flowers", child.Text("metadata/labels/team"));
            Assert.Equal("kept", child.At("metadata/annotations")!["example.org/note"]!.ToString());
        });
        await (await Space.AddressAsync("iris")).BecomesAsync(digest);
    }
}
