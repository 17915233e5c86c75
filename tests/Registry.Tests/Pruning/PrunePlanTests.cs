using System.Globalization;
using IrisOperator.Registry.Pruning;

namespace IrisOperator.Registry.Tests.Pruning;

/// <summary>Tags are written as name=digest; digests are numbers here.</summary>
public sealed class PrunePlanTests
{
    [Theory]
    [InlineData("the lowest go", "1.0.0=1 1.0.1=2 1.0.2=3", 2, "", "1.0.0", "")]
    [InlineData("by precedence, not by text", "1.0.10=1 1.0.9=2 1.0.2=3", 1, "", "1.0.2 1.0.9", "")]
    [InlineData("nothing when there are fewer", "1.0.0=1 1.0.1=2", 5, "", "", "")]
    [InlineData("a version in use", "1.0.0=1 1.0.1=2 1.0.2=3", 1, "1.0.0", "1.0.1", "1.0.0")]
    [InlineData("a digest in use", "1.0.0=1 1.0.1=2 1.0.2=3", 1, "#2", "1.0.0", "1.0.1")]
    [InlineData("what a range means", "1.0.0=1 1.1.0=2 1.1.3=3 2.0.0=4", 1, "1.1.x", "1.0.0 1.1.0", "1.1.3")]
    [InlineData("a range of what is kept anyway", "1.0.0=1 1.0.1=2 1.0.2=3", 1, "1.x", "1.0.0 1.0.1", "")]
    [InlineData("a range of nothing", "1.0.0=1 1.0.1=2", 1, "7.x", "1.0.0", "")]
    [InlineData("in use in another spelling", "v1.0.0=1 1.0.1=2", 1, "1.0.0", "", "v1.0.0")]
    [InlineData("two spellings are one version", "v1.0.1=1 1.0.1=2 1.0.0=3", 1, "", "1.0.0", "")]
    [InlineData("two spellings go together", "v1.0.0=1 1.0.0=1 1.0.1=2", 1, "", "v1.0.0 1.0.0", "")]
    [InlineData("a pre-release is a version", "1.0.0-rc.1=1 1.0.0=2 1.0.1=3", 2, "", "1.0.0-rc.1", "")]
    [InlineData("a tag that is no version stays", "nightly=1 1.0=2 1.0.0=3 1.0.1=4", 1, "", "1.0.0", "")]
    [InlineData("and so does a version that shares its image", "stable=1 1.0.0=1 1.0.1=2", 1, "", "", "1.0.0")]
    [InlineData("an image that is the newest again", "1.0.0=1 1.0.1=2 1.0.2=1", 1, "", "1.0.1", "1.0.0")]
    [InlineData("all versions of one image", "1.0.0=1 1.0.1=1 1.0.2=2", 1, "", "1.0.0 1.0.1", "")]
    [InlineData("one version of an image in use", "1.0.0=1 1.0.1=1 1.0.2=2", 1, "1.0.0", "", "1.0.0 1.0.1")]
    [InlineData("a part of an index that stays", "1.0.0-amd64=100 1.0.0=1 1.0.1=2", 2, "", "", "1.0.0-amd64")]
    [InlineData("nothing at all", "", 1, "1.x", "", "")]
    public void what_goes_and_what_stays(string what, string tags, int retain, string keep, string removed, string inUse)
    {
        var entries = Words(keep).Select(entry => entry.StartsWith('#') ? DigestOf(entry[1..]).ToString() : entry);

        var plan = PrunePlan.Make(
            [.. Words(tags).Select(Tagged)], retain, KeepList.Parse(entries), new HashSet<Digest> { DigestOf("100") });

        Assert.True(
            (removed, inUse) == (Text(plan.Remove.SelectMany(one => one.Tags)), Text(plan.InUse)),
            $"{what}: removed {Text(plan.Remove.SelectMany(one => one.Tags))}, in use {Text(plan.InUse)}");
        Assert.Empty(plan.Remove.Select(one => one.Digest).Intersect(plan.Kept.Select(tag => tag.Digest)));
        Assert.Equal(Words(tags).Length, plan.Kept.Count + plan.Remove.Sum(one => one.Tags.Count));
    }

    [Fact]
    public void whatever_is_kept_the_highest_and_all_in_use_stay()
    {
        var random = new Random(1);
        for (var round = 0; round < 500; round++)
        {
            var tags = Enumerable.Range(0, random.Next(1, 30)).Select(i => Tagged($"1.{i % 3}.{i}={random.Next(12)}")).ToList();
            var (retain, used) = (random.Next(1, 6), tags[random.Next(tags.Count)]);

            var plan = PrunePlan.Make(tags, retain, KeepList.Parse([used.Tag.Text]), new HashSet<Digest>());

            var gone = plan.Remove.SelectMany(one => one.Tags).ToHashSet();
            var highest = tags.Select(tag => tag.Tag).OrderByDescending(tag => Version.Parse(tag.Text)).Take(retain);
            Assert.Empty(gone.Intersect(highest.Append(used.Tag)));
            Assert.All(plan.Remove, one => Assert.Equal(
                tags.Where(tag => tag.Digest == one.Digest).Select(tag => tag.Tag).ToHashSet(),
                one.Tags.ToHashSet()));
        }
    }

    [Theory]
    [InlineData("latest")]
    [InlineData("sha256:12")]
    [InlineData("")]
    public void what_cannot_be_read_is_never_guessed(string entry) => Assert.Throws<FormatException>(() => KeepList.Parse([entry]));

    private static TaggedManifest Tagged(string text) =>
        new(
            Tag.Parse(text[..text.LastIndexOf('=')]),
            new Descriptor(MediaTypes.Manifest, DigestOf(text[(text.LastIndexOf('=') + 1)..]), 1));

    private static Digest DigestOf(string number) => Digest.Of([byte.Parse(number, CultureInfo.InvariantCulture)]);

    private static string Text(IEnumerable<Tag> tags) => string.Join(' ', tags);

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
