using System.Text.Json;
using System.Text.RegularExpressions;
using IrisOperator.Testing;

namespace IrisOperator.Images.Tests;

/// <summary>
/// The Dockerfiles, built by buildah in another folder, without a network, give the same images as the build without Docker:
/// so they behave the same, and neither folder, tool nor time goes into them.
/// </summary>
public sealed partial class DockerfileTests(BuiltImages images, DockerfileBuilder builder) : IClassFixture<DockerfileBuilder>
{
    [Theory]
    [MemberData(nameof(BuiltImages.Names), MemberType = typeof(BuiltImages))]
    public async Task dockerfile_makes_the_same_image(string name)
    {
        var ours = await images.GetAsync(name);
        var built = await builder.BuildAsync(name);

        Assert.Equal(Lines(ours), Lines(built));
        Assert.Equal(Configuration(ours), Configuration(built));
        using var folder = new TempFolder();
        await Container.UnpackAsync(ours, folder.Combine("ours"));
        await Container.UnpackAsync(built, folder.Combine("built"));
        foreach (var arguments in new[] { "--version", "--help", "/tmp/in /tmp/out" }.Select(line => line.Split(' ')))
        {
            var expected = await Container.RunAsync(ours, folder.Combine("ours"), arguments);
            var answered = await Container.RunAsync(built, folder.Combine("built"), arguments);
            Assert.Equal(
                (expected.ExitCode, expected.Output, Times().Replace(expected.Errors, "")),
                (answered.ExitCode, answered.Output, Times().Replace(answered.Errors, "")));
        }
    }

    [GeneratedRegex("""[0-9]+\.[0-9]+ s"|"Timestamp":"[^"]*"|"Seconds":[0-9.E-]+""")]
    private static partial Regex Times();

    private static IEnumerable<string> Lines(Image image) => image.Files.Values
        // Builders write a layer's parent folders or not.
        .Where(file => file.Kind != "Directory" || file.Path.StartsWith("app", StringComparison.Ordinal))
        .Select(file => file.ToString());

    private static string Configuration(Image image) => string.Join('\n', image.Config.GetProperty("config").EnumerateObject()
        .OrderBy(property => property.Name, StringComparer.Ordinal)
        .Select(property => $"{property.Name} {(property.Name == "Labels" ? Labels(property.Value) : property.Value.GetRawText())}"));

    // buildah signs its work with a label of its own.
    private static string Labels(JsonElement labels) => string.Join(' ', labels.EnumerateObject()
        .Where(label => label.Name != "io.buildah.version")
        .OrderBy(label => label.Name, StringComparer.Ordinal).Select(label => $"{label.Name}={label.Value}"));
}
