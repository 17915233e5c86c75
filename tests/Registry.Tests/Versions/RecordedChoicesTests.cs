using IrisOperator.Registry.Versions;

namespace IrisOperator.Registry.Tests.Versions;

/// <summary>The grammar of docs/spec/irismodel.md, as choices.tsv recorded it from the parser that this project had first.</summary>
public sealed class RecordedChoicesTests
{
    private static readonly string[][] _lines =
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Versions", "choices.tsv"))
            .Where(line => !line.StartsWith('#')).Select(line => line.Split('\t')),
    ];

    private static readonly Dictionary<string, Tag[]> _versions = _lines.Where(line => line[0] == "versions")
        .ToDictionary(line => line[1], line => line[2].Split(' ').Select(Tag.Parse).ToArray());

    public static TheoryData<string, string, string> Choices =>
        [.. _lines.Where(line => line[0] != "versions").Select(line => (Unescape(line[0]), line[1], line[2]))];

    [Theory]
    [MemberData(nameof(Choices))]
    public async Task a_range_takes_the_version_that_it_always_took(string text, string versions, string chosen)
    {
        Assert.Equal(chosen != "!", VersionRange.TryParse(text, out var range, out var error));
        if (range is null)
        {
            Assert.Contains("expected an exact version (1.2.3), a range (1.x, ", error, StringComparison.Ordinal);
            return;
        }

        var best = await range.BestAsync(_versions[versions].ToAsyncEnumerable(), 1, TestContext.Current.CancellationToken);
        Assert.Equal(chosen, best is [var one] ? one.Tag.Text : "-");
    }

    private static string Unescape(string text) =>
        text.Replace("\\t", "\t", StringComparison.Ordinal).Replace("\\n", "\n", StringComparison.Ordinal);
}
