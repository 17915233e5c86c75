using IrisOperator.Training.Evaluation;

namespace IrisOperator.Learning.Tests.Evaluation;

public sealed class PermutationImportanceTests
{
    [Theory]
    [InlineData(4, 4, 5, 200)]
    [InlineData(4, 4, 1, 1000)]
    [InlineData(1000, 1000, 5, 40)]
    [InlineData(10_000, 10_000, 5, 1)]
    public void a_wide_table_is_judged_by_fewer_rows(int features, int columns, int parts, int rows) =>
        Assert.Equal(rows, PermutationImportance.RowsOfPart(features, columns, parts));
}
