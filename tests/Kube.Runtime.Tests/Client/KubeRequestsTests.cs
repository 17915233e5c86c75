using System.Text.Json.Nodes;

namespace IrisOperator.Kube.Runtime.Tests.Client;

/// <summary>What is sent, as tables: method, URI, headers, body.</summary>
public sealed class KubeRequestsTests
{
    private static readonly ObjectKey _key = new("ns", "name");

    public static TheoryData<string, KubeRequest> Addresses => new()
    {
        { "GET /api/v1/namespaces/ns/pods/name", KubeRequests.Get<V1Pod>(_key) },
        { "GET /api/v1/namespaces/name", KubeRequests.Get<V1Namespace>(new ObjectKey(null, "name")) },
        { "GET /apis/batch/v1/namespaces/ns/jobs/name", KubeRequests.Get<V1Job>(_key) },
        { "GET /apis/apps/v1/deployments?limit=250", KubeRequests.List<V1Deployment>(NamespaceScope.All, new ListOptions(), null) },
        {
            "GET /apis/apps/v1/namespaces/ns/deployments?limit=250",
            KubeRequests.List<V1Deployment>(NamespaceScope.In("ns"), new ListOptions(), null)
        },
        {
            "GET /api/v1/pods?labelSelector=a%3Db%2Cc%20in%20%28d%2Ce%29&fieldSelector=spec.nodeName%3Dn&limit=2&continue=tok%2Fen%3D",
            KubeRequests.List<V1Pod>(
                NamespaceScope.All,
                new ListOptions { LabelSelector = "a=b,c in (d,e)", FieldSelector = "spec.nodeName=n", PageSize = 2 },
                "tok/en=")
        },
        {
            "GET /api/v1/namespaces/ns/pods?watch=true&labelSelector=a%3Db&resourceVersion=42&allowWatchBookmarks=true&timeoutSeconds=241",
            KubeRequests.Watch<V1Pod>(
                NamespaceScope.In("ns"),
                new WatchOptions { ResourceVersion = "42", LabelSelector = "a=b", Timeout = TimeSpan.FromSeconds(241.9) })
        },
        { "POST /apis/batch/v1/namespaces/ns/jobs", KubeRequests.Create<V1Job>("ns", []) },
        {
            "POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
            KubeRequests.Create<V1SelfSubjectAccessReview>(null, [])
        },
        { "POST /api/v1/namespaces", KubeRequests.Create<V1Namespace>(null, []) },
        {
            "PATCH /api/v1/namespaces/ns/services/name?fieldManager=me&force=true",
            KubeRequests.Apply<V1Service>(_key, [], new ApplyOptions("me"))
        },
        {
            "PATCH /apis/apps/v1/namespaces/ns/deployments/name?fieldManager=a%20b",
            KubeRequests.Apply<V1Deployment>(_key, [], new ApplyOptions("a b") { Force = false })
        },
        { "PATCH /api/v1/namespaces/ns/pods/name", KubeRequests.Patch<V1Pod>(_key, [], null) },
        {
            "PATCH /api/v1/namespaces/ns/pods/name/status?fieldManager=me",
            KubeRequests.Patch<V1Pod>(_key, [], new PatchOptions { FieldManager = "me" }, "/status")
        },
        { "DELETE /api/v1/namespaces/ns/pods/name", KubeRequests.Delete<V1Pod>(_key, new DeleteOptions { Uid = "u" }) },
        { "GET /api/v1/namespaces/ns/pods/n%C3%A4me%3Fx%23y", KubeRequests.Get<V1Pod>(new ObjectKey("ns", "näme?x#y")) },
    };

    public static TheoryData<string?, string?, KubeRequest> Headers => new()
    {
        { "application/json", null, KubeRequests.Get<V1Pod>(_key) },
        { "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1", null, KubeRequests.Get<V1Pod>(_key, KubeRequests.MetadataOnly) },
        { "application/json", "application/json", KubeRequests.Create<V1Job>("ns", []) },
        { "application/json", "application/apply-patch+yaml", KubeRequests.Apply<V1Job>(_key, [], new ApplyOptions("me")) },
        { "application/json", "application/merge-patch+json", KubeRequests.Patch<V1Job>(_key, [], null) },
        { "application/json", "application/json", KubeRequests.Delete<V1Job>(_key, new DeleteOptions { Uid = "u" }) },
    };

    [Theory]
    [MemberData(nameof(Addresses))]
    public void method_and_address(string expected, KubeRequest request) => Assert.Equal(expected, request.ToString());

    [Theory]
    [MemberData(nameof(Headers))]
    public void accept_and_content_type(string? accept, string? contentType, KubeRequest request) =>
        Assert.Equal((accept, contentType), (request.Accept, request.ContentType));

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("../secrets/x")]
    [InlineData("a%2Fb")]
    public void name_that_would_point_elsewhere_is_refused(string name)
    {
        Assert.Throws<ArgumentException>(() => KubeRequests.Get<V1Pod>(new ObjectKey("ns", name)));
        Assert.Throws<ArgumentException>(() => KubeRequests.Get<V1Pod>(new ObjectKey(name, "pod")));
    }

    [Fact]
    public void namespace_fits_the_type()
    {
        Assert.Throws<ArgumentException>(() => KubeRequests.Get<V1Pod>(new ObjectKey(null, "pod")));
        Assert.Throws<ArgumentException>(() => KubeRequests.Get<V1Namespace>(_key));
        Assert.Throws<ArgumentException>(() => KubeRequests.Create<V1Pod>(null, []));
    }

    [Fact]
    public void delete_carries_its_preconditions_and_deletes_dependants()
    {
        var body = KubeRequests.Delete<V1Job>(_key, new DeleteOptions { Uid = "u", ResourceVersion = "7", GracePeriodSeconds = 0 }).Body;
        var expected =
            """
            {"apiVersion":"v1","kind":"DeleteOptions","propagationPolicy":"Background","gracePeriodSeconds":0,
            "preconditions":{"uid":"u","resourceVersion":"7"}}
            """;

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(body)));
    }
}
