using System.Text.RegularExpressions;

namespace IrisOperator.Architecture.Tests;

/// <summary>
/// Each block of commands on a page says behind <c>console</c> who runs it: <c>run</c> is PageCommandsTests, <c>by FILE</c> another test or
/// script, <c>not run: why</c> nobody.
/// </summary>
public sealed partial class CommandsTests
{
    private static readonly string[] Pages =
    [
        "README.md",
        "CONTRIBUTING.md",
        .. Directory.EnumerateFiles(Repository.Path("docs"), "*.md", SearchOption.AllDirectories)
            .Select(page => Path.GetRelativePath(Repository.Path(), page)),
    ];

    [Fact]
    public void every_block_of_commands_is_run_or_says_why_not()
    {
        var runner = File.ReadAllText(Repository.Path("tests", "Chart.Tests", "PageCommandsTests.cs"));
        var blocks = Pages.SelectMany(page => Fence().Matches(File.ReadAllText(Repository.Path(page)))
            .Select(match => (Page: page, Owner: match.Groups[1].Value))).ToList();

        Assert.True(blocks.Count > 20, "the expression no longer finds the blocks");
        Assert.All(blocks, block => Assert.True(block.Owner switch
        {
            "run" => runner.Contains($"\"{block.Page}\"", StringComparison.Ordinal),
            ['b', 'y', ' ', .. var file] => File.Exists(Repository.Path(file))
                // What the spec says is run as it stands there.
                && (!block.Page.StartsWith("docs/spec/", StringComparison.Ordinal)
                    || File.ReadAllText(Repository.Path(file)).Contains($"\"{block.Page}\"", StringComparison.Ordinal)),
            _ => block.Owner.StartsWith("not run: ", StringComparison.Ordinal),
        }, $"{block.Page}: {block.Owner}"));
    }

    [GeneratedRegex("^```(?:console|sh|bash|shell) ?(.*)$", RegexOptions.Multiline)]
    private static partial Regex Fence();
}
