using IrisOperator.Registry.Tests.Servers;
using IrisOperator.Registry.Wire;

namespace IrisOperator.Registry.Tests.Wire;

public sealed class RegistryRequestsTests
{
    private const string Hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private static readonly RepositoryName _repository = RepositoryName.Parse("registry.example/team/iris");
    private static readonly Digest _digest = Digest.Of([]);

    public static TheoryData<string, string, string> Table()
    {
        var tag = _repository.With(Tag.Parse("1.2.3"));
        var other = RepositoryName.Parse("registry.example/base/net");
        (RegistryRequest, string, string)[] rows =
        [
            (RegistryRequests.ListTags(_repository), "GET /v2/team/iris/tags/list?n=1000", "repository:team/iris:pull"),
            (RegistryRequests.GetManifest(tag), "GET /v2/team/iris/manifests/1.2.3", "repository:team/iris:pull"),
            (RegistryRequests.HeadManifest(_repository.With(_digest)), $"HEAD /v2/team/iris/manifests/sha256:{Hex}",
                "repository:team/iris:pull"),
            (RegistryRequests.PutManifest(tag, Registries.Manifest), "PUT /v2/team/iris/manifests/1.2.3", "repository:team/iris:pull,push"),
            (RegistryRequests.DeleteManifest(tag), "DELETE /v2/team/iris/manifests/1.2.3", "repository:team/iris:delete"),
            (RegistryRequests.GetBlob(_repository, _digest), $"GET /v2/team/iris/blobs/sha256:{Hex}", "repository:team/iris:pull"),
            (RegistryRequests.HeadBlob(_repository, _digest), $"HEAD /v2/team/iris/blobs/sha256:{Hex}", "repository:team/iris:pull"),
            (RegistryRequests.StartUpload(_repository), "POST /v2/team/iris/blobs/uploads/", "repository:team/iris:pull,push"),
            (RegistryRequests.Mount(_repository, _digest, other), $"POST /v2/team/iris/blobs/uploads/?mount=sha256%3A{Hex}&from=base%2Fnet",
                "repository:team/iris:pull,push repository:base/net:pull"),
            (RegistryRequests.PatchUpload(_repository, "/up/1?state=a", 100, new byte[50]), "PATCH /up/1?state=a",
                "repository:team/iris:pull,push"),
            (RegistryRequests.UploadStatus(_repository, "/up/1?state=a"), "GET /up/1?state=a", "repository:team/iris:pull,push"),
            (RegistryRequests.FinishUpload(_repository, "/up/1?state=a", _digest), $"PUT /up/1?state=a&digest=sha256%3A{Hex}",
                "repository:team/iris:pull,push"),
            (RegistryRequests.FinishUpload(_repository, "/up/1", _digest), $"PUT /up/1?digest=sha256%3A{Hex}",
                "repository:team/iris:pull,push"),
        ];
        var data = new TheoryData<string, string, string>();
        foreach (var (request, line, scope) in rows)
        {
            data.Add($"{request.Method} {request.Target}|{request.Scope}", line, scope);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Table))]
    public void requests_have_the_specifications_lines_and_the_narrowest_scope(string actual, string line, string scope) =>
        Assert.Equal($"{line}|{scope}", actual);

    [Fact]
    public void a_chunk_says_its_range_without_a_unit()
    {
        var request = RegistryRequests.PatchUpload(_repository, "/up/1", 100, new byte[50]);

        Assert.Equal("100-149", request.ContentRange);
        Assert.Equal("application/octet-stream", request.ContentType);
        Assert.False(request.Repeatable);
    }

    [Fact]
    public void manifests_are_asked_for_in_all_four_types()
    {
        var accept = RegistryRequests.GetManifest(_repository.With(_digest)).Accept;

        Assert.Equal(
            "application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json, "
            + "application/vnd.docker.distribution.manifest.v2+json, application/vnd.docker.distribution.manifest.list.v2+json",
            accept);
    }

    [Fact]
    public void a_request_prints_without_its_query_which_can_be_a_key() => Assert.Equal(
        "PATCH registry.example/up/1", RegistryRequests.PatchUpload(_repository, "/up/1?_state=secret", 0, new byte[1]).ToString());
}
