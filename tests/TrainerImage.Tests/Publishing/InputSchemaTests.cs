using IrisOperator.TrainerImage.Publishing;

namespace IrisOperator.TrainerImage.Tests.Publishing;

public sealed class InputSchemaTests
{
    [Theory]
    [InlineData("a b", "x y", null)]
    [InlineData("b a", "x y", "feature order b, a instead of a, b")]
    [InlineData("a b c", "x y", "new feature c")]
    [InlineData("a", "x y", "no feature b")]
    [InlineData("a c", "x y", "new feature c, no feature b")]
    [InlineData("a b", "x y z", "new class z")]
    [InlineData("a B", "x", "new feature B, no feature b; no class y")]
    [InlineData("a b 1 2 3 4 5 6 7 8 9 10 11 12", "x y", "new feature 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 2 more")]
    public void the_difference_names_what_changed(string features, string classes, string? difference)
    {
        var before = new InputSchema(["a", "b"], ["x", "y"]);

        Assert.Equal(difference, new InputSchema(features.Split(' '), classes.Split(' ')).DifferenceFrom(before));
    }

    [Fact]
    public void it_is_written_and_read()
    {
        var schema = new InputSchema(["größe", "\"quoted\""], ["x"]);

        Assert.Equal("""{"features":["größe","\"quoted\""],"classes":["x"]}""", schema.ToJson());
        Assert.Null(schema.DifferenceFrom(InputSchema.Parse(schema.ToJson())!));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"features\":null,\"classes\":[]}")]
    [InlineData("{\"features\":[null],\"classes\":[]}")]
    [InlineData("{\"features\":[1],\"classes\":[]}")]
    public void what_somebody_else_wrote_there_is_no_schema(string? text) => Assert.Null(InputSchema.Parse(text));
}
