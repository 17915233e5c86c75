using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace IrisOperator.Images.Tests;

/// <summary>The bill of materials: what SPDX 2.3 demands, and that it covers what is in the image.</summary>
public sealed partial class SbomTests(BuiltImages images)
{
    [Theory]
    [MemberData(nameof(BuiltImages.Names), MemberType = typeof(BuiltImages))]
    public async Task every_file_of_the_image_is_listed_with_its_sum_in_one_package(string name)
    {
        var image = await images.GetAsync(name);
        var sbom = await ReadAsync(name);
        var expected = image.Files.Values
            .Where(file => file.Kind == "File" && !file.Path.StartsWith("var/lib/dpkg/", StringComparison.Ordinal))
            .Select(file => $"./{file.Path} {file.Content}");

        var listed = Elements(sbom, "files").Select(file => $"{Text(file, "fileName")} {Checksum(file, "SHA256")}");
        var contained = Relations(sbom, "CONTAINS")
            .Where(relation => relation.To.StartsWith("SPDXRef-file-", StringComparison.Ordinal))
            .Select(relation => relation.To);

        Assert.Equal(expected.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
        Assert.Equal(Ids(sbom, "files").Order(StringComparer.Ordinal), contained.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(BuiltImages.Names), MemberType = typeof(BuiltImages))]
    public async Task has_the_fields_that_spdx_demands(string name)
    {
        var image = await images.GetAsync(name);
        var sbom = await ReadAsync(name);

        Assert.Equal("SPDX-2.3", Text(sbom, "spdxVersion"));
        Assert.Equal("CC0-1.0", Text(sbom, "dataLicense"));
        Assert.Equal("SPDXRef-DOCUMENT", Text(sbom, "SPDXID"));
        Assert.NotEmpty(Text(sbom, "name"));
        Assert.EndsWith(image.Digest["sha256:".Length..], Text(sbom, "documentNamespace"), StringComparison.Ordinal);
        Assert.Matches("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$", Text(sbom.GetProperty("creationInfo"), "created"));
        Assert.Matches("^(Person|Organization|Tool): ", sbom.GetProperty("creationInfo").GetProperty("creators")[0].GetString()!);
        foreach (var package in Elements(sbom, "packages"))
        {
            Assert.NotEmpty(Text(package, "name"));
            Assert.Equal("NOASSERTION", Text(package, "downloadLocation"));
        }
        foreach (var file in Elements(sbom, "files"))
        {
            Assert.Matches("^[0-9a-f]{40}$", Checksum(file, "SHA1"));
        }
        var ids = Ids(sbom, "packages").Concat(Ids(sbom, "files")).ToArray();
        Assert.All(ids, id => Assert.Matches(Id(), id));
        Assert.Equal(ids.Length, ids.Distinct(StringComparer.Ordinal).Count());
        Assert.Single(Relations(sbom, "DESCRIBES"), ("SPDXRef-DOCUMENT", "SPDXRef-image"));
        Assert.All(Elements(sbom, "relationships"), relation => Assert.Contains(Text(relation, "relatedSpdxElement"), ids));
    }

    [Theory]
    [MemberData(nameof(BuiltImages.Names), MemberType = typeof(BuiltImages))]
    public async Task packages_with_files_carry_the_code_that_proves_them(string name)
    {
        var sbom = await ReadAsync(name);
        var sums = Elements(sbom, "files").ToDictionary(file => Text(file, "SPDXID"), file => Checksum(file, "SHA1"));
        var files = Relations(sbom, "CONTAINS").ToLookup(relation => relation.From, relation => relation.To);
        var analyzed = 0;

        foreach (var package in Elements(sbom, "packages").Where(package => package.GetProperty("filesAnalyzed").GetBoolean()))
        {
            var joined = string.Concat(files[Text(package, "SPDXID")].Select(id => sums[id]).Order(StringComparer.Ordinal));
#pragma warning disable CA5350 // SPDX 2.3 defines the code by SHA-1
            var expected = Convert.ToHexStringLower(SHA1.HashData(Encoding.ASCII.GetBytes(joined)));
#pragma warning restore CA5350
            Assert.Equal(expected, Text(package.GetProperty("packageVerificationCode"), "packageVerificationCodeValue"));
            analyzed++;
        }

        Assert.True(analyzed >= 5);
    }

    [Theory]
    [MemberData(nameof(BuiltImages.Names), MemberType = typeof(BuiltImages))]
    public async Task names_the_runtime_the_debian_packages_and_the_locked_build_tools(string name)
    {
        var sbom = await ReadAsync(name);
        var packages = Elements(sbom, "packages")
            .Where(package => Text(package, "SPDXID") != "SPDXRef-image")
            .ToDictionary(package => Text(package, "name"), package => Text(package, "versionInfo"));
        var locked = await ReadLockedAsync(name);

        Assert.Equal(
            Environment.Version.Major,
            int.Parse(packages["Microsoft.NETCore.App.Runtime.linux-x64"].Split('.')[0], CultureInfo.InvariantCulture));
        Assert.Superset(new HashSet<string> { "libc6", "libssl3", "ca-certificates" }, packages.Keys.ToHashSet());
        Assert.Equal(name is "iris-trainer" or "iris-serving", packages.ContainsKey("libstdc++6"));
        foreach (var tool in locked.Where(tool => Text(tool.Value, "type") != "Project"))
        {
            Assert.Equal(tool.Value.GetProperty("resolved").GetString(), packages[tool.Name]);
        }
        Assert.Equal(name == "iris-trainer", packages.ContainsKey("libxgboost0"));
    }

    [Theory]
    [MemberData(nameof(BuiltImages.Names), MemberType = typeof(BuiltImages))]
    public async Task declares_the_licence_of_the_label_for_what_is_ours_and_nothing_else(string name)
    {
        const string label = "org.opencontainers.image.licenses";
        var image = await images.GetAsync(name);
        var license = Text(image.Config.GetProperty("config").GetProperty("Labels"), label);
        var program = Path.GetFileName(BuiltImages.All.Single(built => built.Name == name).Program);
        var locked = await ReadLockedAsync(name);
        var libraries = locked.Where(library => Text(library.Value, "type") == "Project").Select(library => library.Name);
        string[] ours = [name, program, "iris-operator-image-base", .. libraries];

        var packages = Elements(await ReadAsync(name), "packages").ToArray();
        var declared = packages.Where(package => Text(package, "licenseDeclared") != "NOASSERTION").ToArray();

        Assert.Equal(license, Text(image.Json(image.Digest).GetProperty("annotations"), label));
        Assert.Equal(ours.Order(StringComparer.Ordinal), declared.Select(package => Text(package, "name")).Order(StringComparer.Ordinal));
        Assert.All(declared, package => Assert.Equal(license, Text(package, "licenseDeclared")));
        // Debian's libraries are in the image and the framework's code is in our files, so nothing is concluded from ours.
        Assert.All(packages, package => Assert.Equal("NOASSERTION", Text(package, "licenseConcluded")));
    }

    [Theory]
    [MemberData(nameof(BuiltImages.Names), MemberType = typeof(BuiltImages))]
    public async Task is_found_from_the_digest_of_the_image(string name)
    {
        var image = await images.GetAsync(name);

        var entry = image.Index.GetProperty("manifests")[1];
        var artifact = image.Json(image.Json(Text(entry, "digest")).GetProperty("manifests")[0].GetProperty("digest").GetString()!);

        Assert.Equal(image.Digest.Replace(':', '-'), Text(entry.GetProperty("annotations"), "org.opencontainers.image.ref.name"));
        Assert.Equal(image.Digest, Text(artifact.GetProperty("subject"), "digest"));
        Assert.Equal("application/spdx+json", Text(artifact, "artifactType"));
        Assert.Equal(await images.SbomAsync(name), Encoding.UTF8.GetString(image.Blob(Text(artifact.GetProperty("layers")[0], "digest"))));
    }

    private async Task<JsonElement> ReadAsync(string name) => JsonDocument.Parse(await images.SbomAsync(name)).RootElement;

    private static async Task<JsonProperty[]> ReadLockedAsync(string name)
    {
        var project = BuiltImages.All.Single(image => image.Name == name).Project;
        var file = Path.Combine(IrisOperator.Testing.Repository.Root, "src", project, "packages.lock.json");
        var locked = JsonDocument.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).RootElement;
        return [.. locked.GetProperty("dependencies").EnumerateObject().SelectMany(framework => framework.Value.EnumerateObject())];
    }

    private static JsonElement.ArrayEnumerator Elements(JsonElement sbom, string kind) => sbom.GetProperty(kind).EnumerateArray();

    private static IEnumerable<string> Ids(JsonElement sbom, string kind) =>
        Elements(sbom, kind).Select(element => Text(element, "SPDXID"));

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static string Checksum(JsonElement file, string algorithm) =>
        Text(file.GetProperty("checksums").EnumerateArray().Single(sum => Text(sum, "algorithm") == algorithm), "checksumValue");

    private static IEnumerable<(string From, string To)> Relations(JsonElement sbom, string type) => Elements(sbom, "relationships")
        .Where(relation => Text(relation, "relationshipType") == type)
        .Select(relation => (Text(relation, "spdxElementId"), Text(relation, "relatedSpdxElement")));

    [GeneratedRegex("^SPDXRef-[A-Za-z0-9.-]+$")]
    private static partial Regex Id();
}
