using IrisOperator.EndToEnd.Tests.Harness;

namespace IrisOperator.EndToEnd.Tests.Stories;

/// <summary>What the operator's account may not do, and what its pods are not.</summary>
public sealed class PermissionTests(Cluster cluster) : Story(cluster, "permissions")
{
    [Theory]
    [InlineData("get", "secrets")]
    [InlineData("list", "secrets")]
    [InlineData("watch", "secrets")]
    [InlineData("create", "secrets")]
    [InlineData("create", "pods/exec")]
    [InlineData("create", "pods/attach")]
    [InlineData("create", "pods/portforward")]
    [InlineData("create", "pods")]
    [InlineData("create", "serviceaccounts/token")]
    [InlineData("create", "clusterrolebindings.rbac.authorization.k8s.io")]
    [InlineData("escalate", "clusterroles.rbac.authorization.k8s.io")]
    [InlineData("bind", "clusterroles.rbac.authorization.k8s.io")]
    [InlineData("impersonate", "users")]
    [InlineData("delete", "persistentvolumeclaims")]
    [InlineData("delete", "namespaces")]
    [InlineData("delete", "iristrainings.iris-operator.dev")]
    [InlineData("update", "customresourcedefinitions.apiextensions.k8s.io")]
    [InlineData("get", "nodes")]
    [InlineData("*", "*")]
    public async Task the_operator_may_not(string verb, string resource)
    {
        var user = await new Operator(Cluster).UserAsync(Cancellation);

        var result = await Kubectl.TryAsync("kubectl", ["auth", "can-i", verb, resource, $"--as={user}", "--namespace", Space.Name]);

        Assert.Equal("no", result.Output.Trim());
    }

    [Fact]
    public async Task the_operator_may_create_jobs_so_the_question_is_well_put()
    {
        var user = await new Operator(Cluster).UserAsync(Cancellation);

        Assert.Equal(
            "yes",
            (await Kubectl.RunAsync("auth", "can-i", "create", "jobs.batch", $"--as={user}", "--namespace", Space.Name)).Trim());
    }
}
