namespace IrisOperator.Kube.Crd.Tests;

public sealed class RbacBuilderTests
{
    [Rbac("batch", "jobs", "list", "get")]
    [Rbac("", "events", "create", "patch")]
    [Rbac("coordination.k8s.io", "leases", "get", OwnNamespace = true)]
    private sealed class One;

    [Rbac("batch", "jobs", "watch", "get")]
    [Rbac("", "pods, configmaps", "get")]
    private sealed class Other;

    [Rbac("", "pods", "*")]
    private sealed class AnyVerb;

    [Rbac("", "*", "get")]
    private sealed class AnyResource;

    [Rbac("rbac.authorization.k8s.io", "roles", "escalate")]
    private sealed class Escalates;

    [Fact]
    public void rules_are_the_sorted_union_of_the_attributes()
    {
        var rules = RbacBuilder.BuildRules([typeof(Other), typeof(One)], ownNamespace: false);

        Assert.Equal(
            """[{"apiGroups":[""],"resources":["configmaps","pods"],"verbs":["get"]},"""
            + """{"apiGroups":[""],"resources":["events"],"verbs":["create","patch"]},"""
            + """{"apiGroups":["batch"],"resources":["jobs"],"verbs":["get","list","watch"]}]""",
            Yaml.ToJson(rules).ToJsonString());
    }

    [Fact]
    public void rights_of_the_own_namespace_are_kept_apart()
    {
        var rules = RbacBuilder.BuildRules([typeof(One)], ownNamespace: true);

        Assert.Equal(
            """[{"apiGroups":["coordination.k8s.io"],"resources":["leases"],"verbs":["get"]}]""", Yaml.ToJson(rules).ToJsonString());
    }

    [Theory]
    [InlineData(typeof(AnyVerb))]
    [InlineData(typeof(AnyResource))]
    [InlineData(typeof(Escalates))]
    public void a_right_that_is_too_wide_cannot_be_written(Type type)
    {
        Assert.Throws<SchemaException>(() => RbacBuilder.BuildRules([type], ownNamespace: false));
    }
}
