namespace IrisOperator.Common.Tests;

public sealed class TextTests
{
    [Theory]
    [InlineData("abcd", 4, "abcd")]
    [InlineData("abcde", 4, "abc…")]
    [InlineData("ab\U0001F33Cde", 4, "ab…")]
    [InlineData("ab\U0001F33Cde", 5, "ab\U0001F33C…")]
    public void text_is_cut_to_a_length_between_characters(string text, int maxLength, string expected) =>
        Assert.Equal(expected, Text.Truncate(text, maxLength));

    [Theory]
    [InlineData("äöü", 6, "äöü")]
    [InlineData("äöüx", 6, "ä…")]
    [InlineData("a\U0001F33Cbcde", 8, "a\U0001F33C…")]
    [InlineData("a\U0001F33Cbcde", 7, "a…")]
    public void text_is_cut_to_a_number_of_bytes_between_characters(string text, int maxBytes, string expected) =>
        Assert.Equal(expected, Text.TruncateUtf8(text, maxBytes));

    [Fact]
    public void quoted_text_stays_on_one_line_and_short()
    {
        Assert.Equal("\"a?b\"", Text.Quote("a\nb"));
        Assert.Equal("nothing", Text.Quote(null));
        Assert.Equal($"\"{new string('x', 120)}…\"", Text.Quote(new string('x', 121)));
    }
}
