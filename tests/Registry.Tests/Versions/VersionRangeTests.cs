using IrisOperator.Registry.Versions;

namespace IrisOperator.Registry.Tests.Versions;

public sealed class VersionRangeTests
{
    private static readonly string[] _some =
    [
        "latest", "1", "1.2", "0.0.3", "0.0.4", "0.2.3", "0.3.0", "1.0.0-rc.1", "1.0.0-rc.2", "1.0.0", "1.2.0", "1.2.3", "1.2.4",
        "1.3.0-beta", "1.10.0", "v2.0.0", "2.0.0-alpha", "2.1.0", "3.0.0-rc.1", "1.2.3_build", "01.2.3", "1.2.3.4", "1.2.3-01",
        "claim-9.9.9-0123456789abcdef0123456789abcdef",
    ];

    [Theory]
    [InlineData("1.2.3", "1.2.3")]
    [InlineData("v1.2.3", "1.2.3")]
    [InlineData("=1.2.3", "1.2.3")]
    [InlineData("2.0.0", "v2.0.0")]
    [InlineData("1.0.0-rc.1", "1.0.0-rc.1")]
    [InlineData("9.9.9", null)]
    [InlineData("1.x", "1.10.0")]
    [InlineData("1", "1.10.0")]
    [InlineData("1.2.x", "1.2.4")]
    [InlineData("1.2.*", "1.2.4")]
    [InlineData("1.2", "1.2.4")]
    [InlineData("*", "2.1.0")]
    [InlineData("^1.2", "1.10.0")]
    [InlineData("^0.2.3", "0.2.3")]
    [InlineData("^0.0.3", "0.0.3")]
    [InlineData("^0.0", "0.0.4")]
    [InlineData("^0", "0.3.0")]
    [InlineData("~1.2.3", "1.2.4")]
    [InlineData("~1.2", "1.2.4")]
    [InlineData("~1", "1.10.0")]
    [InlineData(">=1.0 <2.0", "1.10.0")]
    [InlineData(">= 1.0 < 1.3", "1.2.4")]
    [InlineData(">=1.0<1.3", "1.2.4")]
    [InlineData(">1.2 <2", "1.10.0")]
    [InlineData(">1.2.3 <1.3", "1.2.4")]
    [InlineData("<=1.2", "1.2.4")]
    [InlineData("<=1.2.3", "1.2.3")]
    [InlineData("<1.2", "1.0.0")]
    [InlineData(">2.0", "2.1.0")]
    [InlineData("5.x || 0.x", "0.3.0")]
    [InlineData("1.0.0 || 1.2.0||0.0.3", "1.2.0")]
    [InlineData("[1.0,2.0)", "1.10.0")]
    [InlineData("[1.0,1.2.3]", "1.2.3")]
    [InlineData("(1.2.3,1.2.4]", "1.2.4")]
    [InlineData("[1.2.3]", "1.2.3")]
    [InlineData("(,1.0)", "0.3.0")]
    [InlineData("[2.0,)", "2.1.0")]
    [InlineData(">=1.0.0-rc.1 <1.0.0", "1.0.0-rc.2")]
    [InlineData("^3.0.0-rc.1", "3.0.0-rc.1")]
    [InlineData(">=2.5.0-rc.1", null)]
    [InlineData("[3.0.0-alpha,4.0)", "3.0.0-rc.1")]
    [InlineData(">=2.1.0 <=2.0", null)]
    [InlineData(">x", null)]
    public async Task the_highest_version_within_the_range_is_best(string range, string? expected) =>
        Assert.Equal(expected, await BestAsync(range, _some));

    // Field report: the notation of Helm, Flux and Cargo was refused.
    [Theory]
    [InlineData(">=1.0.0, <2.0.0", "1.10.0")]
    [InlineData(">=1.0.0,<2.0.0", "1.10.0")]
    [InlineData(">= 1.0.0 , < 1.3", "1.2.4")]
    [InlineData("1.x, >=1.2 <1.3", "1.2.4")]
    [InlineData("^1.2, <1.10 || 0.x", "1.2.4")]
    [InlineData(">=1.0.0-rc.1, <1.0.0", "1.0.0-rc.2")]
    [InlineData("1,2", null)]
    public async Task a_comma_means_and(string range, string? expected) => Assert.Equal(expected, await BestAsync(range, _some));

    // Field report: tags that are numbered by the minute were passed over, and the range stayed on what was published before them.
    [Theory]
    [InlineData("1.x", "1.0.2112311200 1.0.2201121200 1.0.2301010000", "1.0.2301010000")]
    [InlineData("2301010000.x", "2301010000.0.9 2301010000.1.0 2301010001.0.0", "2301010000.1.0")]
    [InlineData(">=1.2301010000 <2", "1.2301010000.9 1.2301010001.0 2.0.0", "1.2301010001.0")]
    [InlineData("<=1.0.2201121200", "1.0.2112311200 1.0.2201121200 1.0.2301010000", "1.0.2201121200")]
    [InlineData("1.x", "1.0.9 1.0.123456789012345678901234567890 1.0.123456789012345678901234567891", "1.0.123456789012345678901234567891")]
    [InlineData("^123456789012345678901234567890", "123456789012345678901234567890.2.0 2.0.0", "123456789012345678901234567890.2.0")]
    [InlineData("[1.123456789012345678901234567890,2)", "1.9.0 1.123456789012345678901234567891.0", "1.123456789012345678901234567891.0")]
    [InlineData(">=1.0.0-rc.1 <1.0.0", "1.0.0-rc.99 1.0.0-rc.123456789012345678901234567890", "1.0.0-rc.123456789012345678901234567890")]
    public async Task versions_with_large_numbers_are_not_passed_over(string range, string tags, string expected) =>
        Assert.Equal(expected, await BestAsync(range, tags.Split(' ')));

    [Theory]
    [InlineData(null, "expected an exact version")]
    [InlineData("", "expected an exact version")]
    [InlineData("  ", "expected an exact version")]
    [InlineData("latest", "\"latest\" moves")]
    [InlineData("Latest", "\"latest\" moves")]
    [InlineData("stable", "expected an exact version")]
    [InlineData("1.2.3+build", "expected an exact version")]
    [InlineData("1.2.3.4", "expected an exact version")]
    [InlineData("[1.0.0.1,2)", "expected an exact version")]
    [InlineData("01.2", "expected an exact version")]
    [InlineData("1.02.3", "expected an exact version")]
    [InlineData("1.2-rc", "expected an exact version")]
    [InlineData("1.x.3", "expected an exact version")]
    [InlineData("x.1", "expected an exact version")]
    [InlineData("1.2.3-", "expected an exact version")]
    [InlineData("1 - 2", "expected an exact version")]
    [InlineData("1.x ||", "expected an exact version")]
    [InlineData(">", "expected an exact version")]
    [InlineData(">>1", "expected an exact version")]
    [InlineData("[1.0", "expected an exact version")]
    [InlineData("(,)", "expected an exact version")]
    [InlineData("[1.*,2)", "expected an exact version")]
    [InlineData("-1", "expected an exact version")]
    [InlineData("1,", "expected an exact version")]
    [InlineData(",1", "expected an exact version")]
    [InlineData(">=1,,<2", "expected an exact version")]
    [InlineData(">=1, || 3.x", "expected an exact version")]
    [InlineData(">=,1", "expected an exact version")]
    [InlineData("!=1.2.3", "expected an exact version")]
    [InlineData("=>1.2.3", "expected an exact version")]
    [InlineData("~>1.2", "expected an exact version")]
    [InlineData("١.x", "expected an exact version")]
    public void what_is_no_range_is_refused_with_what_was_expected(string? text, string expected)
    {
        Assert.False(VersionRange.TryParse(text, out _, out var error));
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => VersionRange.Parse(text));
    }

    [Theory]
    [InlineData("1.2.3", true)]
    [InlineData("[1.2.3]", true)]
    [InlineData("1.2", false)]
    [InlineData("1.2.3 || 1.2.4", false)]
    public void an_exact_version_is_known_as_such(string text, bool expected) => Assert.Equal(expected, VersionRange.Parse(text).IsExact);

    [Fact]
    public async Task of_two_spellings_the_one_without_v_wins_in_any_order()
    {
        Assert.Equal("1.0.0", await BestAsync("1.x", "v1.0.0", "1.0.0"));
        Assert.Equal("1.0.0", await BestAsync("1.x", "1.0.0", "v1.0.0"));
    }

    [Fact]
    public async Task the_highest_few_come_in_order()
    {
        var best = await VersionRange.Parse("1.x").BestAsync(
            _some.Select(Tag.Parse).ToAsyncEnumerable(), 3, TestContext.Current.CancellationToken);

        Assert.Equal(["1.10.0", "1.2.4", "1.2.3"], best.Select(one => one.Tag.Text));
    }

    // Ranges and versions made at random from one seed, against what the notation means, said in numbers.
    [Fact]
    public void ranges_mean_what_their_numbers_say()
    {
        var random = new Random(20);
        for (var round = 0; round < 20_000; round++)
        {
            var (a, b, c) = (random.Next(3), random.Next(3), random.Next(3));
            var (major, minor, patch) = (random.Next(4), random.Next(4), random.Next(4));
            var version = (major, minor, patch);
            (string, bool)[] cases =
            [
                ($"{a}", major == a),
                ($"{a}.{b}.x", major == a && minor == b),
                ($"~{a}.{b}.{c}", major == a && minor == b && patch >= c),
                ($"^{a}.{b}.{c}", version.CompareTo((a, b, c)) >= 0 && major == a && (a > 0 || (minor == b && (b > 0 || patch == c)))),
                ($">={a}.{b}", version.CompareTo((a, b, 0)) >= 0),
                ($">{a}.{b}.{c}", version.CompareTo((a, b, c)) > 0),
                ($"<={a}.{b}", version.CompareTo((a, b + 1, 0)) < 0),
                ($"<{a}.{b}.{c}", version.CompareTo((a, b, c)) < 0),
                ($"({a}.{b}.{c},{a + 1}.0]", version.CompareTo((a, b, c)) > 0 && version.CompareTo((a + 1, 0, 0)) <= 0),
                ($"{a}.{b}.{c} || >{b}.x", version == (a, b, c) || major > b),
            ];
            foreach (var (text, expected) in cases)
            {
                Assert.True(VersionedTag.TryParse(Tag.Parse($"{major}.{minor}.{patch}"), out var tag));
                Assert.True(expected == VersionRange.Parse(text).Contains(tag), $"{text} of {tag}");
                Assert.True(VersionedTag.TryParse(Tag.Parse($"{major}.{minor}.{patch}-a"), out var before));
                Assert.False(VersionRange.Parse(text).Contains(before), $"{text} of {before}");
            }
        }
    }

    [Fact]
    public async Task no_text_makes_the_parser_fail_otherwise_than_by_refusing()
    {
        var random = new Random(21);
        const string Alphabet = "0123456789.xX*^~<>=|[](),- vabc+ ";
        for (var round = 0; round < 50_000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => Alphabet[random.Next(Alphabet.Length)]));
            if (VersionRange.TryParse(text, out var range, out var error))
            {
                await range.BestAsync(_some.Select(Tag.Parse).ToAsyncEnumerable(), 1, TestContext.Current.CancellationToken);
            }
            else
            {
                Assert.NotEmpty(error);
            }
        }
    }

    [Theory]
    [InlineData("1.0", true)]
    [InlineData("0.12", true)]
    [InlineData("1.2301010000", true)]
    [InlineData("1.01", false)]
    [InlineData("1", false)]
    [InlineData("1.0.0", false)]
    [InlineData("1.x", false)]
    [InlineData("v1.0", false)]
    [InlineData("latest", false)]
    [InlineData(null, false)]
    public void series_are_two_numbers(string? text, bool expected) => Assert.Equal(expected, VersionSeries.TryParse(text, out _, out _));

    private static async Task<string?> BestAsync(string range, params string[] tags)
    {
        var best = await VersionRange.Parse(range).BestAsync(
            tags.Select(Tag.Parse).ToAsyncEnumerable(), 1, TestContext.Current.CancellationToken);
        return best is [var one] ? one.Tag.Text : null;
    }
}
