using System.Net;
using System.Text;
using System.Text.Json;
using IrisOperator.Registry.Wire;

namespace IrisOperator.Registry.Tests.Wire;

public sealed class PartsTests
{
    [Theory]
    [InlineData("</v2/a/tags/list?last=x&n=2>; rel=\"next\"", "/v2/a/tags/list?last=x&n=2")]
    [InlineData("<https://r/v2/a?x=1,2;3>;rel=next", "https://r/v2/a?x=1,2;3")]
    [InlineData("<a>; rel=\"prev\", <b>; title=\"t\"; rel=\"next\"", "b")]
    [InlineData("<a>; REL=\"Next\"", "a")]
    [InlineData("<a>; rel=\"prev\"", null)]
    [InlineData("<a", null)]
    [InlineData("", null)]
    public void next_page_is_read_from_the_link_header(string value, string? expected) => Assert.Equal(expected, LinkHeader.Next(value));

    [Theory]
    [InlineData("127.0.0.1", false, true)]
    [InlineData("127.255.255.254", false, true)]
    [InlineData("10.96.0.1", false, true)]
    [InlineData("172.16.0.1", false, true)]
    [InlineData("172.32.0.1", true, true)]
    [InlineData("192.168.1.1", false, true)]
    [InlineData("100.64.0.1", false, true)]
    [InlineData("169.254.169.254", false, false)]
    [InlineData("0.0.0.0", false, true)]
    [InlineData("224.0.0.1", false, true)]
    [InlineData("255.255.255.255", false, true)]
    [InlineData("8.8.8.8", true, true)]
    [InlineData("34.118.1.1", false, true)] // denied by the options
    [InlineData("::1", false, true)]
    [InlineData("::", false, true)]
    [InlineData("fe80::1", false, false)]
    [InlineData("fd00:ec2::254", false, true)]
    [InlineData("::ffff:169.254.169.254", false, false)]
    [InlineData("::ffff:127.0.0.1", false, true)]
    [InlineData("::ffff:8.8.8.8", true, true)]
    [InlineData("::169.254.169.254", false, false)]
    [InlineData("64:ff9b::a9fe:a9fe", false, false)]
    [InlineData("2002:7f00:1::", false, true)]
    [InlineData("2002:a9fe:a9fe::", false, false)]
    [InlineData("2606:4700::1111", true, true)]
    public void addresses_are_allowed_by_what_they_are(string address, bool forAnybody, bool forNamed)
    {
        var rules = new AddressRules([IPNetwork.Parse("34.118.0.0/16")]);

        Assert.Equal(forAnybody, rules.Allows(IPAddress.Parse(address), named: false));
        Assert.Equal(forNamed, rules.Allows(IPAddress.Parse(address), named: true));
    }

    [Fact]
    public void tags_are_read_wherever_the_answer_is_cut()
    {
        var page = Encoding.UTF8.GetBytes(
            """{"name":"tags","x":{"tags":["no"]},"tags":["1.0.0","../x","v2","ü","\u0031.1"],"more":["no"]}""");
        for (var cut = 0; cut <= page.Length; cut++)
        {
            var parser = new TagPageParser();
            var tags = new List<Tag>();
            var used = parser.Feed(page.AsSpan(0, cut), isLast: false, tags);
            parser.Feed(page.AsSpan(used), isLast: true, tags);

            Assert.Equal(["1.0.0", "v2", "1.1"], tags.Select(tag => tag.Text));
        }
    }

    [Theory]
    [InlineData("""{"name":"a","tags":null}""")]
    [InlineData("""{"name":"a"}""")]
    [InlineData("""{"tags":[[ "a" ], {"tags":"b"}]}""")]
    public void lists_without_tags_are_empty(string page)
    {
        var tags = new List<Tag>();
        new TagPageParser().Feed(Encoding.UTF8.GetBytes(page), isLast: true, tags);
        Assert.Empty(tags);
    }

    [Theory]
    [InlineData("""["a"]""")]
    [InlineData("""{"tags":["a"]""")]
    [InlineData("<html>")]
    public void what_is_no_list_is_refused(string page) =>
        Assert.ThrowsAny<JsonException>(() => new TagPageParser().Feed(Encoding.UTF8.GetBytes(page), isLast: true, []));

    [Fact]
    public void of_an_error_only_known_codes_are_taken_over()
    {
        const string Body = """{"errors":[{"code":"DENIED","message":"token canary-7f3a for DENIED"},{"code":"CANARY_SECRET"}]}""";

        Assert.Equal(" (DENIED)", Answers.ErrorCodes(Encoding.UTF8.GetBytes(Body)));
        Assert.Equal("", Answers.ErrorCodes("<html>"u8));
    }
}
