using System.Text;
using IrisOperator.Training.Data;
using IrisOperator.Training.Evaluation;

namespace IrisOperator.Learning.Tests.Evaluation;

public sealed class StratifiedFoldsTests
{
    [Theory]
    [InlineData(5, 50, 50, 50)]
    [InlineData(3, 7, 11, 4)]
    [InlineData(2, 2, 2, 2)]
    [InlineData(4, 4, 90, 5)]
    public void every_fold_has_its_share_of_every_class(int folds, int first, int second, int third)
    {
        var dataset = Sized(first, second, third);
        var dealt = StratifiedFolds.Deal(dataset, folds, 42);

        var held = Enumerable.Range(0, folds).Select(dealt.RowsIn).ToArray();

        Assert.Equal(Enumerable.Range(0, first + second + third), held.SelectMany(rows => rows).Order());
        Assert.True(held.Max(rows => rows.Length) - held.Min(rows => rows.Length) <= 1);
        for (var c = 0; c < 3; c++)
        {
            var counts = held.Select(rows => rows.Count(row => dataset.Rows.Labels[row] == c)).ToArray();
            Assert.True(counts.Min() >= 1);
            Assert.True(counts.Max() - counts.Min() <= 1);
        }
    }

    [Fact]
    public void a_fold_and_the_rows_outside_it_are_all_rows()
    {
        var dealt = StratifiedFolds.Deal(Samples.Iris(), 5, 42);

        Assert.Equal(Enumerable.Range(0, 150), dealt.RowsIn(2).Concat(dealt.RowsOutside(2)).Order());
    }

    [Fact]
    public void the_seed_decides()
    {
        var iris = Samples.Iris();

        Assert.Equal(StratifiedFolds.Deal(iris, 5, 1).RowsIn(0), StratifiedFolds.Deal(iris, 5, 1).RowsIn(0));
        Assert.NotEqual(StratifiedFolds.Deal(iris, 5, 1).RowsIn(0), StratifiedFolds.Deal(iris, 5, 2).RowsIn(0));
    }

    [Theory]
    [InlineData(1, "folds: expected at least 2, found 1")]
    [InlineData(-3, "folds: expected at least 2, found -3")]
    [InlineData(100, "folds: 100 is more than the 12 rows of t.csv")]
    [InlineData(4, "folds: 4 is more than the 3 rows of class \"b\" in t.csv; each fold needs one")]
    public void folds_that_do_not_fit_the_data_are_refused(int folds, string message)
    {
        var e = Assert.Throws<InputException>(() => StratifiedFolds.Deal(Sized(4, 3, 5), folds, 42));

        Assert.Equal(message, e.Message);
        Assert.Equal(InputProblem.InvalidArgument, e.Problem);
    }

    private static Dataset Sized(params int[] counts)
    {
        var text = new StringBuilder("x,y\n");
        for (var c = 0; c < counts.Length; c++)
        {
            text.Insert(text.Length, $"1,{(char)('a' + c)}\n", counts[c]);
        }
        return Samples.Csv(text.ToString());
    }
}
