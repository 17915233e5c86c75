using System.Text.RegularExpressions;
using IrisOperator.Testing;
using IrisOperator.Training.Algorithms;

namespace IrisOperator.Learning.Tests.Training;

/// <summary>The table of parameters on the page is that of the program.</summary>
public sealed partial class ParameterPageTests
{
    [Fact]
    public void the_page_lists_each_parameter_with_its_default_and_range()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs/spec/iristraining.md"));
        var expected = KnownAlgorithms.All.SelectMany(algorithm => algorithm.Parameters.Select(parameter =>
            $"| `{algorithm.Name}` | `{parameter.Name}` | `{parameter.Default}` | {parameter.Allowed} |"));

        Assert.Equal(expected, Row().Matches(page).Select(match => match.Value));
        Assert.Contains($"there are {string.Join(", ", KnownAlgorithms.All.Select(algorithm => algorithm.Name))}`", page);
    }

    [GeneratedRegex(@"^\| `[a-z-]+` \| `\w+` \| `[^`]+` \| .* \|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
