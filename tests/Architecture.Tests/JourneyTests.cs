using System.Text.RegularExpressions;

namespace IrisOperator.Architecture.Tests;

/// <summary>docs/architecture.md follows both resources through the files of the operator.</summary>
public sealed partial class JourneyTests
{
    private static readonly string Page = File.ReadAllText(Repository.Path("docs", "architecture.md"));

    [Fact]
    public void every_file_that_the_page_names_exists() =>
        Assert.All(Files(Page), file => Assert.True(File.Exists(Repository.Path("src", "Operator", file)), file));

    [Theory]
    [InlineData("From `kubectl apply` to a recorded run", "Training/TrainingReconciler.cs", 25)]
    [InlineData("From a pushed version to a model that is rolled out", "Serving/ModelReconciler.cs", 30)]
    public void a_journey_passes_few_files(string title, string oneOfThem, int limit)
    {
        var section = Page.Split($"\n## {title}\n")[1].Split("\n## ")[0];

        Assert.Contains(oneOfThem, Files(section));
        Assert.InRange(Files(section).Distinct().Count(), 10, limit);
    }

    private static IEnumerable<string> Files(string text) => FilePath().Matches(text).Select(match => match.Groups[1].Value);

    [GeneratedRegex(@"`((?:\w+/)+\w+\.cs)`")]
    private static partial Regex FilePath();
}
