using IrisOperator.Operator.Resources;

namespace IrisOperator.Operator.Tests.Resources;

public sealed class NamesTests
{
    [Theory]
    [InlineData("iris", true)]
    [InlineData("a", true)]
    [InlineData("iris.v1", false)]
    [InlineData("1iris", false)]
    [InlineData("iris-", false)]
    [InlineData("", false)]
    public void owner_names_are_dns_1035_labels(string name, bool expected) => Assert.Equal(expected, Names.IsValidOwner(name));

    [Fact]
    public void owner_names_have_at_most_50_characters()
    {
        Assert.True(Names.IsValidOwner(new string('a', 50)));
        Assert.False(Names.IsValidOwner(new string('a', 51)));
    }

    [Fact]
    public void a_hash_of_bytes_is_the_hash_of_their_text() =>
        Assert.Equal(Names.Hash(16, """{"a":1}"""), Names.Hash(16, """{"a":1}"""u8));

    [Fact]
    public void parts_that_concatenate_alike_hash_apart()
    {
        Assert.NotEqual(Names.Hash(16, "ab", "c"), Names.Hash(16, "a", "bc"));
        Assert.NotEqual(Names.Hash(16, (string?)null), Names.Hash(16, ""));
    }

    [Fact]
    public void long_claims_are_told_apart_in_63_characters()
    {
        var (first, second) = (Names.LabelValue(new string('a', 200) + "1"), Names.LabelValue(new string('a', 200) + "2"));

        Assert.NotEqual(first, second);
        Assert.Equal(63, first.Length);
    }
}
