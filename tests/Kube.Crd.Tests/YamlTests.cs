using System.Text.Json.Nodes;

namespace IrisOperator.Kube.Crd.Tests;

public sealed class YamlTests
{
    [Theory]
    [InlineData("plain")]
    [InlineData("two words: and a colon")]
    [InlineData("true")]
    [InlineData("NO")]
    [InlineData("on")]
    [InlineData("null")]
    [InlineData("~")]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1.5")]
    [InlineData("0x1f")]
    [InlineData("12:30:45")]
    [InlineData("2026-01-31")]
    [InlineData("-1")]
    [InlineData("# no comment")]
    [InlineData(" padded ")]
    [InlineData("{braces}")]
    [InlineData("[brackets]")]
    [InlineData("*star")]
    [InlineData("&anchor")]
    [InlineData("back\\slash and \"quotes\" and 'more'")]
    [InlineData("line\nline\n")]
    [InlineData("^(\\+|-)?[0-9]+$")]
    [InlineData(".status.conditions[?(@.type==\"Ready\")].status")]
    public void text_stays_text(string text)
    {
        var written = Yaml.Write(new JsonObject { ["key"] = text });

        Assert.Equal(text, Assert.Single(Yaml.ReadAll(written))["key"]!.GetValue<string>());
    }

    [Fact]
    public void words_of_yaml_1_1_are_quoted_for_older_readers()
    {
        Assert.Equal("- \"yes\"\n- \"0o17\"\n- \"12:30\"\n- free\n", Yaml.Write(new JsonArray("yes", "0o17", "12:30", "free")));
    }

    [Fact]
    public void a_tree_comes_back_as_it_was_and_in_its_order()
    {
        var tree = JsonNode.Parse("""{"z": [1, 2.5, true, null, {"a": {}, "b": []}], "a": {"m": -3}}""")!;

        var written = Yaml.Write(tree);

        Assert.Equal(tree.ToJsonString(), Assert.Single(Yaml.ReadAll(written)).ToJsonString());
        Assert.Equal("z:\n  - 1\n  - 2.5\n  - true\n  - null\n  - a: {}\n    b: []\na:\n  m: -3\n", written);
    }

    [Fact]
    public void empty_documents_are_left_out()
    {
        Assert.Equal(2, Yaml.ReadAll("---\na: 1\n---\n# nothing\n---\nb: 2\n").Count);
    }
}
