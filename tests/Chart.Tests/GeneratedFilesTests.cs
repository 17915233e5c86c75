using System.Reflection;
using System.Text;
using System.Xml.Linq;
using IrisOperator.Generator;
using IrisOperator.Kube.Crd;
using IrisOperator.Testing;

namespace IrisOperator.Chart.Tests;

public sealed class GeneratedFilesTests
{
    private static readonly IReadOnlyList<GeneratedFile> Files = Manifests.Build(Assembly.Load("iris-operator"));

    public static TheoryData<string> Crds =>
        [.. Files.Select(file => file.Path).Where(path => path.StartsWith("config/crd/iris", StringComparison.Ordinal))];

    [Fact]
    public void the_work_tree_has_what_the_types_say()
    {
        Assert.Empty(new GeneratedTree(Repository.Root, Files).FindDrift());
    }

    [Fact]
    public void both_kinds_are_generated()
    {
        Assert.Equal(["config/crd/irismodels.yaml", "config/crd/iristrainings.yaml"], Crds.Select(row => row.Data));
    }

    [Fact]
    public void the_same_types_give_the_same_bytes()
    {
        Assert.Equal(Files, Manifests.Build(Assembly.Load("iris-operator")));
    }

    [Theory]
    [MemberData(nameof(Crds))]
    public void a_crd_is_small_enough_for_a_client_side_apply(string path)
    {
        // kubectl keeps the whole object in an annotation, of which the server takes 256 KB.
        Assert.InRange(Encoding.UTF8.GetByteCount(Text(path)), 1000, 100_000);
    }

    [Theory]
    [MemberData(nameof(Crds))]
    public void every_field_is_described(string path)
    {
        var fields = Schemas.Fields(Yaml.ReadAll(Text(path))[0]).ToList();

        Assert.NotEmpty(fields);
        Assert.Empty(fields
            .Where(field => field.Path is not ("spec" or "status") && string.IsNullOrEmpty((string?)field.Schema["description"]))
            .Select(field => field.Path));
    }

    /// <summary><c>kubectl explain</c> shows one field at a time: a pronoun has nothing there to stand for.</summary>
    [Theory]
    [MemberData(nameof(Crds))]
    public void every_description_is_understood_alone(string path)
    {
        string[] refused = ["Its ", "It ", "The same", "What it", "Those of", "Both in", "When it", "As the", "In one word", "Omitted"];

        Assert.Empty(
            from field in Schemas.Fields(Yaml.ReadAll(Text(path))[0])
            let description = (string?)field.Schema["description"] ?? ""
            where refused.Any(start => description.StartsWith(start, StringComparison.Ordinal))
            select $"{field.Path}: {description}");
    }

    [Fact]
    public void drift_is_named_and_writing_ends_it()
    {
        var root = Directory.CreateTempSubdirectory("iris-generated-").FullName;
        try
        {
            var tree = new GeneratedTree(root, [new("config/crd/a.yaml", "one\ntwo\n"), new("charts/b.tpl", "b\n")]);
            Assert.Equal(["config/crd/a.yaml: missing", "charts/b.tpl: missing"], tree.FindDrift());

            tree.Write();
            Assert.Empty(tree.FindDrift());

            File.WriteAllText(Path.Combine(root, "config/crd/a.yaml"), "one\n2\n");
            File.WriteAllText(Path.Combine(root, "config/crd/old.yaml"), "");
            Assert.Equal(
                ["config/crd/a.yaml: line 2 is '2', the C# types say 'two'", "config/crd/old.yaml: no C# type makes it any more"],
                tree.FindDrift());

            tree.Write();
            Assert.Empty(tree.FindDrift());
            Assert.False(File.Exists(Path.Combine(root, "config/crd/old.yaml")));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public void one_version_is_everywhere()
    {
        var version = XDocument.Load(Path.Combine(Repository.Root, "Directory.Build.props")).Descendants("Version").Single().Value;
        var chart = Yaml.ReadAll(File.ReadAllText(Path.Combine(Repository.Root, "charts", "iris-operator", "Chart.yaml")))[0];
        var kustomization = Yaml.ReadAll(File.ReadAllText(Path.Combine(Repository.Root, "config", "default", "kustomization.yaml")))[0];

        Assert.Equal(version, (string?)chart["version"]);
        Assert.Equal(version, (string?)chart["appVersion"]);
        Assert.All(kustomization["images"]!.AsArray(), image => Assert.Equal(version, (string?)image!["newTag"]));
    }

    private static string Text(string path) => Files.Single(file => file.Path == path).Text;
}
