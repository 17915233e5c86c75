using System.Text.RegularExpressions;
using k8s;

namespace IrisOperator.Architecture.Tests;

/// <summary>A name means one thing. Nested types do not count: outside of their class they are named with it.</summary>
public sealed partial class TypeNameTests
{
    [Fact]
    public void no_type_repeats_a_name_of_KubernetesClient()
    {
        var theirs = typeof(IKubernetesObject).Assembly.GetExportedTypes().Select(type => SimpleName(type.Name)).ToHashSet();
        var ours = Directory.EnumerateFiles(Repository.Path("src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !Generated().IsMatch(file))
            .SelectMany(file => Declaration().Matches(File.ReadAllText(file)).Select(match => match.Groups["name"].Value))
            .ToHashSet();

        Assert.Contains("V1Pod", theirs);
        Assert.Contains("IrisModel", ours);
        Assert.Empty(ours.Intersect(theirs));
    }

    private static string SimpleName(string name) => name.Split('`')[0];

    [GeneratedRegex("/(obj|bin)/")]
    private static partial Regex Generated();

    [GeneratedRegex(
        @"^(?:(?:public|internal|private|protected|sealed|static|abstract|partial|readonly|ref|file)\s+)*"
        + @"(?:class|record(?:\s+(?:struct|class))?|struct|interface|enum)\s+(?<name>[A-Z]\w*)",
        RegexOptions.Multiline)]
    private static partial Regex Declaration();
}
