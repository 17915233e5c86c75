using System.Text.RegularExpressions;

namespace IrisOperator.Architecture.Tests;

/// <summary>The rules of words in CONTRIBUTING.md, as far as an expression can hold them.</summary>
public sealed partial class WordsTests
{
    [Fact]
    public void no_summary_begins_with_a_pronoun() =>
        Assert.Empty(Matches(["src", "hack"], "*.cs", Pronoun()));

    [Fact]
    public void no_page_and_no_comment_uses_a_literary_turn()
    {
        var found = Matches(["src", "docs", "charts", "config", "hack"], "*", Literary())
            .Concat(Matches(["."], "*.md", Literary(), SearchOption.TopDirectoryOnly))
            .Where(place => !place.Contains("CHANGELOG.md:", StringComparison.Ordinal)
                && !place.Contains("CONTRIBUTING.md:", StringComparison.Ordinal));

        Assert.Empty(found);
    }

    [Theory]
    [InlineData("/// <summary>It failed.</summary>")]
    [InlineData("/// <summary>\n    /// The same for a status.")]
    public void a_pronoun_is_found(string summary) => Assert.Matches(Pronoun(), summary);

    private static IEnumerable<string> Matches(
        string[] folders, string pattern, Regex words, SearchOption depth = SearchOption.AllDirectories) =>
        from folder in folders
        from file in Directory.EnumerateFiles(Repository.Path(folder), pattern, depth)
        where !BuildOutput().IsMatch(file)
        let text = File.ReadAllText(file)
        from match in words.Matches(text)
        select $"{Path.GetRelativePath(Repository.Path(), file)}:{text[..match.Index].Count(c => c == '\n') + 1}: {match.Value}";

    [GeneratedRegex(@"<summary>\s*(///\s*)?(It|Its|They|Their|Them|He|His|She|Those|These|Whoever|What it|The same)\b.*")]
    private static partial Regex Pronoun();

    [GeneratedRegex(
        @"\b(him|his|whoever|of this world|(begin|start)s? anew|on its way out|of the house|(spoken|speaks?) to by|comes? to mean"
        + @"|may pass by itself|would blink|in drips|a word known|from under|hands on what)\b.*",
        RegexOptions.IgnoreCase)]
    private static partial Regex Literary();

    [GeneratedRegex("/(obj|bin)/")]
    private static partial Regex BuildOutput();
}
