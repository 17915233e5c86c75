using System.Security.Cryptography;
using IrisOperator.Kube.Crd;
using IrisOperator.Testing;

namespace IrisOperator.Chart.Tests;

/// <summary>LICENSE, and whoever names it: tests/Images.Tests compare the bills of materials with the images' labels.</summary>
public sealed class LicenseTests
{
    private const string Identifier = "Apache-2.0";

    public static TheoryData<string> Dockerfiles =>
    [
        .. Directory.GetDirectories(Path.Combine(Repository.Root, "src"))
            .Select(folder => Path.Combine("src", Path.GetFileName(folder), "Dockerfile"))
            .Where(file => File.Exists(Path.Combine(Repository.Root, file))),
    ];

    [Fact]
    public void the_text_is_apache_2_byte_for_byte()
    {
        // Of /usr/share/common-licenses/Apache-2.0, and of https://www.apache.org/licenses/LICENSE-2.0.txt.
        const string sum = "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30";

        var text = File.ReadAllBytes(Path.Combine(Repository.Root, "LICENSE"));

        Assert.Equal(sum, Convert.ToHexStringLower(SHA256.HashData(text)));
    }

    [Fact]
    public void the_chart_names_it()
    {
        var chart = Yaml.ReadAll(File.ReadAllText(Path.Combine(Repository.Root, "charts", "iris-operator", "Chart.yaml")))[0];

        Assert.Equal(Identifier, (string?)chart["annotations"]!["artifacthub.io/license"]);
    }

    [Fact]
    public void three_programs_have_images()
    {
        Assert.Equal(3, Dockerfiles.Count);
    }

    [Theory]
    [MemberData(nameof(Dockerfiles))]
    public void the_last_stage_of_each_dockerfile_names_it(string file)
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, file));
        var stage = lines.Skip(Array.FindLastIndex(lines, line => line.StartsWith("FROM ", StringComparison.Ordinal)));

        Assert.Equal(
            [$"LABEL org.opencontainers.image.licenses={Identifier}"],
            stage.Where(line => line.Contains("image.licenses", StringComparison.Ordinal)));
    }
}
