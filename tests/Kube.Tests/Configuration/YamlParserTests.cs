using IrisOperator.Kube.Configuration;

namespace IrisOperator.Kube.Tests.Configuration;

public sealed class YamlParserTests
{
    [Theory]
    [InlineData("a: b", "b")]
    [InlineData("a:    b   ", "b")]
    [InlineData("a: b # comment", "b")]
    [InlineData("a: b#c", "b#c")]
    [InlineData("a: \"b # c\"", "b # c")]
    [InlineData("a: 'it''s # b'", "it's # b")]
    [InlineData("a: \"x\\n\\\"y\\\"\\u00e4\"", "x\n\"y\"ä")]
    [InlineData("a: https://host:6443/x", "https://host:6443/x")]
    [InlineData("\"a\": b", "b")]
    [InlineData("a:\n  long text\n  that goes on", "long text that goes on")]
    [InlineData("a: long text\n  that goes on", "long text that goes on")]
    [InlineData("a: |\n  one\n    two\n  three\n", "one\n  two\nthree\n")]
    [InlineData("a: |-\n  one\n\n  two", "one\n\ntwo")]
    [InlineData("a: >-\n  one\n  two", "one two")]
    [InlineData("---\na: b\n...\n", "b")]
    [InlineData("a: ~", null)]
    [InlineData("a: null", null)]
    [InlineData("a:", null)]
    [InlineData("b: c", null)]
    public void scalar(string text, string? expected) => Assert.Equal(expected, Parse(text)["a"].Text);

    [Theory]
    [InlineData("a:\n- x\n- y\nb: c")]
    [InlineData("a:\n  - x\n  - y\nb: c")]
    [InlineData("a:\n    -   x\n    -   \"y\"\n\n# note\nb: c")]
    [InlineData("a: [x, \"y\"]\nb: c")]
    [InlineData("a: [\n  x,\n  y\n]\nb: c")]
    [InlineData("{a: [x, y], b: c}")]
    [InlineData("{\"a\": [\"x\", 'y'], \"b\": \"c\"}")]
    public void list(string text)
    {
        var root = Parse(text);

        Assert.Equal(["x", "y"], root["a"].Items!.Select(item => item.Text));
        Assert.Equal("c", root["b"].Text);
    }

    [Fact]
    public void maps_in_lists_in_maps()
    {
        var root = Parse(
            """
            users:
            - name: one
              user:
                exec:
                  args:
                  - --region
                  - eu-west-1
                  env: null
                  env2:
                    - name: A
                      value: "1"
            -
              name: two
              user: {}
            - user: {token: abc}
              name: three
            """);

        Assert.Equal(["--region", "eu-west-1"], root["users"].Named("one", "user")["exec"]["args"].Items!.Select(item => item.Text));
        Assert.Equal("1", root["users"].Named("one", "user")["exec"]["env2"].Items![0]["value"].Text);
        Assert.True(root["users"].Named("two", "user").Exists);
        Assert.Equal("abc", root["users"].Named("three", "user")["token"].Text);
    }

    [Theory]
    [InlineData("\ta: b", "line 1: indented by a tab")]
    [InlineData("a: b\n   c: d\n e: f", "")]
    [InlineData("a: b\na: c", "line 2: \"a\" occurs twice")]
    [InlineData("a: &anchor b", "line 1: anchors")]
    [InlineData("a: *anchor", "line 1: anchors")]
    [InlineData("a: !!binary x", "line 1: anchors")]
    [InlineData("a: \"open", "line 1: a quote is not closed")]
    [InlineData("a: \"x\\q\"", "line 1: unknown escape")]
    [InlineData("a: [x, y", "line 1: a flow collection")]
    [InlineData("a: {x}", "line 1: a flow collection")]
    [InlineData("x:\n  a: b\n c: d", "line 3")]
    [InlineData("a: |2\n  x", "line 1: a block scalar")]
    [InlineData("a:\n  b: c\nnonsense", "line 3: expected")]
    public void what_is_not_understood_is_refused_with_its_line(string text, string message)
    {
        if (message.Length == 0)
        {
            // A plain scalar that goes on over deeper lines is legal YAML.
            Assert.Equal("b c: d e: f", Parse(text)["a"].Text);
            return;
        }

        Assert.StartsWith(message, Assert.Throws<FormatException>(() => Parse(text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void empty_text_is_an_empty_tree() => Assert.False(Parse("# nothing\n\n").Exists);

    private static ConfigNode Parse(string text) => new YamlParser().Parse(text);
}
