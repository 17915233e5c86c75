using System.Text;
using IrisOperator.Testing;
using IrisOperator.Training.Data;
using IrisOperator.Training.Evaluation;

namespace IrisOperator.Learning.Tests.Evaluation;

public sealed class RowSplitTests
{
    [Theory]
    [InlineData(5, 50, 50, 50)]
    [InlineData(3, 7, 11, 4)]
    [InlineData(2, 2, 2, 2)]
    [InlineData(4, 4, 90, 5)]
    public void every_fold_has_its_share_of_every_class(int folds, int first, int second, int third)
    {
        var dataset = Sized(first, second, third);
        var dealt = RowSplit.Folds(dataset, folds, 42);

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
        var dealt = RowSplit.Folds(Samples.Iris(), 5, 42);

        Assert.Equal(Enumerable.Range(0, 150), dealt.RowsIn(2).Concat(dealt.RowsOutside(2)).Order());
    }

    [Fact]
    public void the_seed_decides()
    {
        var iris = Samples.Iris();

        Assert.Equal(RowSplit.Folds(iris, 5, 1).RowsIn(0), RowSplit.Folds(iris, 5, 1).RowsIn(0));
        Assert.NotEqual(RowSplit.Folds(iris, 5, 1).RowsIn(0), RowSplit.Folds(iris, 5, 2).RowsIn(0));
    }

    [Theory]
    [InlineData(1, "folds: expected at least 2, found 1")]
    [InlineData(-3, "folds: expected at least 2, found -3")]
    [InlineData(100, "folds: 100 is more than the 12 rows of t.csv")]
    [InlineData(4, "folds: 4 is more than the 3 rows of class \"b\" in t.csv; each fold needs one")]
    public void folds_that_do_not_fit_the_data_are_refused(int folds, string message)
    {
        var e = Assert.Throws<InputException>(() => RowSplit.Folds(Sized(4, 3, 5), folds, 42));

        Assert.Equal(message, e.Message);
        Assert.Equal(InputProblem.InvalidArgument, e.Problem);
    }

    [Theory]
    [InlineData(0.2, 10, 10, 10)]
    [InlineData(0.01, 1, 1, 1)]
    [InlineData(0.999, 49, 49, 49)]
    public void a_share_of_each_class_is_held_out(double share, params int[] expected)
    {
        var iris = Samples.Iris();
        var split = RowSplit.HoldOut(iris, share, 42);

        Assert.Equal(1, split.Count);
        Assert.Equal(expected, split.RowsIn(0).CountBy(row => iris.Rows.Labels[row]).OrderBy(c => c.Key).Select(c => c.Value));
        Assert.Equal(Enumerable.Range(0, 150), split.RowsIn(0).Concat(split.RowsOutside(0)).Order());
    }

    [Theory]
    [InlineData(0, "holdout: expected a share above 0 and below 1, found 0")]
    [InlineData(1, "holdout: expected a share above 0 and below 1, found 1")]
    [InlineData(double.NaN, "holdout: expected a share above 0 and below 1, found NaN")]
    public void a_share_that_does_not_fit_the_data_is_refused(double share, string message)
    {
        var e = Assert.Throws<InputException>(() => RowSplit.HoldOut(Sized(4, 2, 5), share, 42));

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

    [Fact]
    public void rows_are_held_out_by_a_column_that_is_no_feature()
    {
        const string Text = "x,part,label\n1,train,a\n2,TEST,a\n3,train,b\n4,true,b\n5,0,a\n6,0,b\n";
        var dataset = Read(Text, new TableOptions { HoldoutColumn = "part" });

        var split = RowSplit.Of(dataset, new TrainingOptions());

        Assert.Equal(["x"], dataset.Features.Select(feature => feature.Name));
        Assert.Equal([1, 3], split.RowsIn(0));
        Assert.Equal([0, 2, 4, 5], split.RowsOutside(0));
    }

    [Theory]
    [InlineData("2026-03-01", "2026-01-31T10:00:00Z", "2025-12-31", "2026-03-02", "2026-02-01", "2024-01-01")]
    [InlineData("50", "30", "20", "1e2", "40", "-1")]
    public void the_last_rows_by_a_column_of_numbers_or_dates_are_held_out(params string[] order)
    {
        var lines = order.Select((place, row) => $"{row},{place},{"ab"[row % 2]}");
        var dataset = Read($"x,when,label\n{string.Join('\n', lines)}\n", new TableOptions { HoldoutOrder = "when" });

        var split = RowSplit.Of(dataset, new TrainingOptions { Holdout = 0.3 });

        Assert.Equal([0, 3], split.RowsIn(0));
        Assert.Equal(["x"], dataset.Features.Select(feature => feature.Name));
    }

    [Theory]
    [InlineData("maybe", "t.csv line 2, column \"part\": expected test or train, true or false, 1 or 0, found \"maybe\"")]
    [InlineData("", "t.csv line 2, column \"part\": expected test or train, true or false, 1 or 0, found \"\"")]
    public void a_mark_that_is_none_is_named_with_its_line(string mark, string message)
    {
        var text = $"x,part,label\n1,{mark},a\n2,train,b\n";

        Assert.Equal(message, Assert.Throws<InputException>(() => Read(text, new TableOptions { HoldoutColumn = "part" })).Message);
    }

    [Theory]
    [InlineData("test", "test", "holdout: 0 of 6 rows of t.csv are left to learn from")]
    [InlineData("test", "train", "holdout: all rows of class \"a\" of t.csv are held out")]
    public void a_holdout_leaves_rows_of_each_class_to_learn_from(string ofA, string ofB, string message)
    {
        var lines = string.Concat(Enumerable.Range(0, 3).Select(row => $"{row},{ofA},a\n{row + 9},{ofB},b\n"));
        var dataset = Read($"x,part,label\n{lines}", new TableOptions { HoldoutColumn = "part" });

        var error = Assert.Throws<InputException>(() => RowSplit.Of(dataset, new TrainingOptions()));

        Assert.Equal(message, error.Message);
    }

    [Fact]
    public void a_model_that_is_not_fitted_again_has_not_seen_what_is_held_out()
    {
        NativeLibraries.Require();
        var marks = Enumerable.Range(0, 40).Select(row => $"{row % 10},{(row < 30 ? "train" : "test")},{(row % 10 < 5 ? "low" : "high")}");
        var dataset = Read($"x,part,label\n{string.Join('\n', marks)}\n", new TableOptions { HoldoutColumn = "part" });

        var kept = new Trainer(dataset, new TrainingOptions { Refits = false }).Train(null, TestContext.Current.CancellationToken);
        var again = new Trainer(dataset, new TrainingOptions()).Train(null, TestContext.Current.CancellationToken);

        Assert.NotEqual(kept.ModelDigest, again.ModelDigest);
        Assert.Contains("\"refitted\": false", Encoding.UTF8.GetString(kept.ReportJson));
        Assert.Contains("\"holdoutColumn\": \"part\"", Encoding.UTF8.GetString(kept.ReportJson));
        var folds = Assert.Throws<InputException>(() => new Trainer(Samples.Iris(), new TrainingOptions { Refits = false }));
        Assert.Equal("refit: a model that is not fitted again needs rows that are held out", folds.Message);
    }

    private static Dataset Read(string text, TableOptions options) =>
        DatasetReader.Read("t.csv", new MemoryStream(Encoding.UTF8.GetBytes(text)), options);
}
