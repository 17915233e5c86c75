using System.Xml.Linq;

namespace IrisOperator.Architecture.Tests;

/// <summary>The arrows of docs/architecture.md, read from the project files.</summary>
public sealed class DependencyTests
{
    private static readonly Dictionary<string, string[]> AllowedReferences = new()
    {
        ["Common"] = [],
        ["Contracts"] = [],
        ["Kube.Runtime"] = ["Common"],
        ["Kube.Crd"] = ["Kube.Runtime"],
        ["Registry"] = ["Common", "Contracts"],
        ["Learning"] = ["Common", "Contracts"],
        ["Training"] = ["Common", "Contracts", "Learning"],
        ["Operator"] = ["Common", "Contracts", "Kube.Runtime", "Registry"],
        ["TrainerImage"] = ["Common", "Contracts", "Learning", "Registry", "Training"],
        ["ServingImage"] = ["Common", "Contracts", "Learning"],
    };

    public static TheoryData<string> Projects =>
        [.. Directory.GetDirectories(Repository.Path("src")).Select(folder => Path.GetFileName(folder))];

    [Theory]
    [MemberData(nameof(Projects))]
    public void source_projects_refer_only_along_the_arrows(string project)
    {
        Assert.True(AllowedReferences.TryGetValue(project, out var allowed), $"src/{project} has no row in the table of arrows");

        var references = Elements(project, "ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference));

        Assert.Empty(references.Except(allowed));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void source_projects_use_the_packages_of_their_purpose(string project)
    {
        string[] allowed = project switch
        {
            "Common" => ["Microsoft.Extensions.Logging.Console"],
            "Kube.Runtime" => ["KubernetesClient.Aot", "Polly.Core", "YamlDotNet", "prometheus-net"],
            "Kube.Crd" => ["YamlDotNet"],
            "Registry" => ["Polly.Core", "Semver"],
            "Learning" => ["BouncyCastle.Cryptography", "Google.Protobuf", "Microsoft.ML.OnnxRuntime.Managed"],
            "Training" => ["Microsoft.ML", "Microsoft.ML.FastTree", "Microsoft.ML.LightGbm", "Microsoft.ML.OnnxRuntime.Managed", "Sep"],
            "Operator" => ["System.CommandLine"],
            "ServingImage" => ["Microsoft.ML.OnnxRuntime", "prometheus-net", "System.CommandLine"],
            "TrainerImage" => ["Microsoft.ML.OnnxRuntime", "Polly.Core", "System.CommandLine"],
            _ => [],
        };

        Assert.Empty(Elements(project, "PackageReference").Except(allowed));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void namespaces_follow_folders(string project)
    {
        var root = Repository.Path("src", project);
        foreach (var file in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories))
        {
            var folder = Path.GetRelativePath(root, Path.GetDirectoryName(file)!);
            if (folder is "obj" or "bin"
                || folder.StartsWith("obj/", StringComparison.Ordinal)
                || folder.StartsWith("bin/", StringComparison.Ordinal))
            {
                continue;
            }

            var expected = folder == "." ? $"IrisOperator.{project}" : $"IrisOperator.{project}.{folder.Replace('/', '.')}";
            var declared = File.ReadLines(file).FirstOrDefault(line => line.StartsWith("namespace ", StringComparison.Ordinal));
            Assert.True(declared is null || declared == $"namespace {expected};", $"{file}: expected {expected}, found '{declared}'");
        }
    }

    private static IEnumerable<string> Elements(string project, string name) =>
        XDocument.Load(Repository.Path("src", project, $"{project}.csproj"))
            .Descendants(name)
            .Select(element => element.Attribute("Include")!.Value);
}
