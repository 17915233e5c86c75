namespace IrisOperator.Registry.Tests;

public sealed class ImageReferenceTests
{
    private const string Hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    [Theory]
    [InlineData("registry.example/iris:1.2.3", "registry.example", "iris", "1.2.3", false)]
    [InlineData("registry.example:5000/team/iris:v1", "registry.example:5000", "team/iris", "v1", false)]
    [InlineData("localhost/iris@sha256:" + Hex, "localhost", "iris", null, true)]
    [InlineData("10.245.0.1:5000/a/b__c/d-e.f:1@sha256:" + Hex, "10.245.0.1:5000", "a/b__c/d-e.f", "1", true)]
    [InlineData("[::1]:5000/iris:1", "[::1]:5000", "iris", "1", false)]
    [InlineData("REGISTRY.Example/iris:1", "registry.example", "iris", "1", false)]
    public void references_have_a_registry_a_path_and_a_version(string text, string registry, string path, string? tag, bool digest)
    {
        var image = ImageReference.Parse(text);

        Assert.Equal(registry, image.Repository.Registry.ToString());
        Assert.Equal(path, image.Repository.Path);
        Assert.Equal(tag, image.Tag?.Text);
        Assert.Equal(digest, image.Digest is not null);
        Assert.Equal(text.Replace("REGISTRY.Example", "registry.example", StringComparison.Ordinal), image.ToString());
    }

    [Theory]
    [InlineData("docker.io/library/nginx:1")]
    [InlineData("index.docker.io/library/nginx:1")]
    [InlineData("registry-1.docker.io/library/nginx:1")]
    public void docker_hub_has_one_name(string text) => Assert.Equal("docker.io/library/nginx:1", ImageReference.Parse(text).ToString());

    [Theory]
    [InlineData(null, "names no registry")]
    [InlineData("", "names no registry")]
    [InlineData("nginx:1", "names no registry")]
    [InlineData("library/nginx:1", "names no registry")]
    [InlineData("registry.example/iris", "names no version")]
    [InlineData("registry.example:5000/iris", "names no version")]
    [InlineData("registry.example/Iris:1", "lower-case")]
    [InlineData("registry.example/../iris:1", "lower-case")]
    [InlineData("registry.example//iris:1", "lower-case")]
    [InlineData("registry.example/iris/:1", "lower-case")]
    [InlineData("registry.example/iris:", "expected a tag")]
    [InlineData("registry.example/iris:-1", "expected a tag")]
    [InlineData("registry.example/iris:a b", "expected a tag")]
    [InlineData("registry.example/iris@sha256:../../x", "after @")]
    [InlineData("registry.example/iris@latest", "after @")]
    [InlineData("https://registry.example/iris:1", "is no registry")]
    [InlineData("user:password@registry.example/iris:1", "after @")]
    [InlineData("registry.example:0/iris:1", "host:port")]
    [InlineData("registry.example:65536/iris:1", "host:port")]
    [InlineData("registry..example/iris:1", "host:port")]
    [InlineData("[fe80::zz]/iris:1", "host")]
    public void what_is_no_reference_is_refused_with_what_was_expected(string? text, string expected)
    {
        Assert.False(ImageReference.TryParse(text, out _, out var error));
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public void foreign_text_in_a_message_is_cut_and_has_no_control_characters()
    {
        Assert.False(ImageReference.TryParse($"a\r\nb{new string('x', 500)}", out _, out var error));

        Assert.DoesNotContain('\n', error);
        Assert.True(error.Length < 300);
    }
}
