using System.Text;
using IrisOperator.Testing;
using IrisOperator.Training.Data;

namespace IrisOperator.Learning.Tests.Data;

/// <summary>Which columns are learned from, as what, and what stands for missing values.</summary>
public sealed class TableOptionsTests
{
    private const string Flowers = "id,colour,size,code,y\n1,red,1.5,7,p\n2,blue,2.5,8,q\n3,red,,7,p\n4,,4.5,9,q\n";

    [Fact]
    public void a_text_is_a_column_for_each_category()
    {
        var dataset = Read("colour,size,y\nred,1,p\nblue,2,q\nred,3,p\ngreen,4,q\n");

        Assert.Equal(["blue", "green", "red"], dataset.Features[0].Categories);
        Assert.Equal((0, 2, null), (dataset.Features[0].Min, dataset.Features[0].Max, dataset.Features[0].Imputed));
        Assert.Equal([0, 0, 1, 1], dataset.Rows.Row(0).ToArray());
        Assert.Equal([1, 0, 0, 2], dataset.Rows.Row(1).ToArray());
        Assert.Equal([2, 3], dataset.Decode(2));
        Assert.Equal([1, 4], dataset.Decode(3));
        Assert.Equal(4, dataset.Rows.Features);
        Assert.Equal(["\"colour\" is taken for text of 3 categories"], dataset.Assumptions);
    }

    [Fact]
    public void codes_are_text_where_that_is_asked_in_the_order_of_their_numbers()
    {
        var dataset = Read("code,y\n10,p\n9,q\n10,p\n9,q\n", new TableOptions { Categorical = ["code"] });

        Assert.Equal(["9", "10"], dataset.Features[0].Categories);
        Assert.Equal([0, 1, 1, 0, 0, 1, 1, 0], dataset.Rows.ToArray());
        Assert.Empty(dataset.Assumptions);
    }

    [Fact]
    public void missing_values_are_imputed_by_mean_and_most_frequent()
    {
        var dataset = Read(Flowers, new TableOptions { Missing = MissingValues.Impute, Exclude = ["id"] });

        Assert.Equal([1.0, 8.5 / 3, 7.75], dataset.Features.Select(f => f.Imputed!.Value));
        Assert.Equal([1, 8.5 / 3, 7], dataset.Decode(2));
        Assert.Equal([1, 4.5, 9], dataset.Decode(3));
        Assert.Equal(
            [
                "\"colour\" is taken for text of 2 categories",
                "\"colour\" is missing in 1 of 4 rows, and replaced by \"red\"",
                "\"size\" is missing in 1 of 4 rows, and replaced by 2.83333",
            ],
            dataset.Assumptions);
    }

    [Fact]
    public void a_truth_value_is_imputed_by_a_truth_value()
    {
        var dataset = Read("a,y\nTrue,p\nFALSE,q\n,p\ntrue,q\n", new TableOptions { Missing = MissingValues.Impute });

        Assert.Equal([1, 0, 1, 1], dataset.Rows.ToArray());
    }

    [Fact]
    public void missing_values_are_left_as_they_are()
    {
        var dataset = Read(Flowers, new TableOptions { Missing = MissingValues.Native, Exclude = ["id"] });

        Assert.Equal([0, 0, 4.5, 9], dataset.Rows.Row(3).ToArray());
        Assert.Equal([double.NaN, 4.5, 9], dataset.Decode(3));
        Assert.Equal([1, double.NaN, 7], dataset.Decode(2));
        Assert.All(dataset.Features, feature => Assert.Null(feature.Imputed));
    }

    [Fact]
    public void a_category_or_class_that_is_in_dropped_rows_alone_is_none()
    {
        var dataset = Read(
            "a,b,y\nu,1,p\nv,2,q\nw,,r\nu,3,p\nv,4,q\nx,5,\n", new TableOptions { Missing = MissingValues.DropRows });

        Assert.Equal(["u", "v"], dataset.Features[0].Categories);
        Assert.Equal(["p", "q"], dataset.Classes);
        Assert.Equal(4, dataset.Rows.Count);
    }

    [Fact]
    public void features_keep_the_order_of_the_file_and_the_target_is_the_last_of_the_others()
    {
        var dataset = Read(Flowers, new TableOptions { Features = ["code", "id"], Exclude = ["colour", "size"] });

        Assert.Equal(["id", "code"], dataset.Features.Select(f => f.Name));
        Assert.Equal("y", dataset.Target);
        Assert.Equal("colour", Read("colour,a\nx,1\ny,2\nx,3\ny,4\n", new TableOptions { Features = ["a"] }).Target);
    }

    [Fact]
    public void a_file_without_a_header_is_read_with_given_names()
    {
        var dataset = Read("1,2,p\n3,4,q\n5,6,p\n7,8,q\n", new TableOptions { Columns = ["a", "b", "y"] });

        Assert.Equal(["a", "b"], dataset.Features.Select(f => f.Name));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], dataset.Rows.ToArray());
    }

    [Fact]
    public void row_names_of_R_and_pandas_are_left_out_and_told()
    {
        var dataset = Read("\"\",\"a\",\"y\"\n\"1\",1.5,\"p\"\n\"2\",2.5,\"q\"\n\"3\",3.5,\"p\"\n\"4\",4.5,\"q\"\n");

        Assert.Equal(["a"], dataset.Features.Select(f => f.Name));
        Assert.Equal(["column 1 is left out, because it has no name"], dataset.Assumptions);
    }

    [Fact]
    public void numbers_can_be_predicted()
    {
        var dataset = Read("a,y\n1,2.5\n2,\n3,-1e3\n", new TableOptions { Task = TableTask.Regression, Missing = MissingValues.Native });

        Assert.Equal([2.5, -1000], dataset.Rows.Targets.ToArray());
        Assert.Equal([-1000], dataset.Rows.Take([1]).Targets.ToArray());
        Assert.Equal([3], dataset.Rows.Take([1]).Row(0).ToArray());
        Assert.Equal((0, 0, 0), (dataset.Classes.Count, dataset.Rows.Classes, dataset.Rows.Labels.Length));
        Assert.Equal(
            "t.csv line 3, column \"y\": expected a number, found \"high\"",
            Message("a,y\n1,2.5\n2,high\n", new TableOptions { Task = TableTask.Regression }));
    }

    [Theory]
    [InlineData("0,1,y\n1,2,p\n3,4,q\n")]
    [InlineData("region,2019,2020,2021,y\n1,2,3,4,p\n5,6,7,8,q\n")]
    [InlineData("0,1,2\n5,6,0\n7,8,1\n")]
    public void counted_columns_and_years_may_be_names(string text)
    {
        Assert.Contains("at least 2 are needed", Message(text), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1,2,p\n3,4,q\n5,6,p\n7,8,q\n")]
    [InlineData("5,3,1,0\n4,3,2,1\n5,3,1,0\n")]
    [InlineData("5;3,5;p\n4;3,1;q\n")]
    [InlineData("red,p\nblue,q\nred,p\nblue,q\n")]
    public void a_first_row_of_data_is_no_header(string text)
    {
        Assert.StartsWith("t.csv line 1: expected column names, found \"", Message(text), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a,y\nTrue,p\nmaybe,q\nFalse,p\n5,q\n", "t.csv line 2, column \"a\": expected a number, found \"True\"")]
    [InlineData("a,y\n1,p\nTrue,q\n", "t.csv line 3, column \"a\": expected a number, found \"True\"")]
    [InlineData("a,y\n2021-05-01,p\n", "t.csv line 2, column \"a\": expected a number, found \"2021-05-01\"")]
    [InlineData("a,y\n1,p\n2,NULL\n", "t.csv line 3, column \"y\": the value is missing (\"NULL\")")]
    [InlineData("a,y\n1,p\u00A0q\n2,p q\n", "t.csv line 3, column \"y\": \"p\\u00A0q\" and \"p q\" differ in what cannot be seen")]
    [InlineData("a,y\n1,p\n2,p\u200B\n", "t.csv, column \"y\": one class only (\"p\"), at least 2 are needed")]
    [InlineData("a,y\n1,01\n2,1\n3,2\n", "t.csv, column \"y\": \"01\" and \"1\" are one number in two spellings")]
    public void what_a_column_cannot_hold_is_told_with_its_line(string text, string message)
    {
        Assert.Equal(message, Message(text));
    }

    [Fact]
    public void a_cell_after_the_first_thousand_rows_has_to_fit_the_column()
    {
        var truths = string.Concat(Enumerable.Repeat("True,p\nFalse,q\n", 600));

        Assert.Equal("t.csv line 1202, column \"a\": expected true or false, found \"2\"", Message($"a,y\n{truths}2,p\n"));
    }

    [Fact]
    public void wrong_options_are_told()
    {
        Assert.Equal("t.csv: no column \"x\"; the columns are a, b, y", Wrong(new TableOptions { Features = ["x"] }));
        Assert.Equal("t.csv: no column \"x\"; the columns are a, b, y", Wrong(new TableOptions { Exclude = ["x"] }));
        Assert.Equal("t.csv: no column \"x\"; the columns are a, b, y", Wrong(new TableOptions { Categorical = ["x"] }));
        Assert.Equal(
            "t.csv: column \"a\" is the target; it cannot be a feature, nor excluded",
            Wrong(new TableOptions { Target = "a", Exclude = ["a"] }));
        Assert.Equal(
            "t.csv: column \"a\" is excluded, and named as a feature", Wrong(new TableOptions { Features = ["a"], Exclude = ["a"] }));
        Assert.Equal("t.csv: no column is left to learn from", Wrong(new TableOptions { Exclude = ["a", "b"] }));
        Assert.Equal("t.csv: no column is left to predict", Wrong(new TableOptions { Features = ["a", "b", "y"] }));
        Assert.Equal("t.csv line 1: 3 columns, but 2 names are given for them", Wrong(new TableOptions { Columns = ["a", "b"] }));
        Assert.Equal(
            "t.csv line 1: the file has a header; names are given for files without one only",
            Wrong(new TableOptions { Columns = ["a", "b", "y"] }));
        Assert.Equal(
            "the names given for t.csv: column name \"a\" occurs twice (columns 1 and 2)",
            Message("1,2,p\n", new TableOptions { Columns = ["a", "a", "y"] }));
        Assert.Equal(
            "t.csv, column \"b\": holds no value; exclude it",
            Message("a,b,y\n1,,p\n2,NA,q\n3,,p\n4,,q\n", new TableOptions { Missing = MissingValues.Native }));
        Assert.Equal(
            "t.csv: a value is missing in each of the 2 rows",
            Message("a,y\n,p\n,q\n", new TableOptions { Missing = MissingValues.DropRows }));
    }

    [Fact]
    public void classes_that_differ_in_letter_case_are_told()
    {
        var dataset = Read("a,y\n1,p\n2,P\n3,p\n4,P\n");

        Assert.Equal(["\"P\" and \"p\" are different classes, by letter case alone"], dataset.Assumptions);
    }

    [Fact]
    public void a_text_that_names_rows_is_told()
    {
        var rows = string.Concat(Enumerable.Range(0, 20).Select(row => $"{row / 2},name{row},{(row % 2 == 0 ? "p" : "q")}\n"));

        Assert.Equal(
            [
                "\"name\" is taken for text of 20 categories",
                "\"name\" has 20 different values in 20 rows; exclude it, if it names rows and nothing else",
            ],
            Read($"a,name,y\n{rows}").Assumptions);
    }

    [Fact]
    public void rows_beyond_one_block_are_kept_in_their_order()
    {
        var text = new StringBuilder("a,colour,y\n");
        for (var row = 0; row < 300_000; row++)
        {
            text.Append(row % 1000).Append(row % 3 == 0 ? ",red," : ",blue,").Append(row % 2 == 0 ? "p\n" : "q\n");
        }

        var rows = Read(text.ToString()).Rows;

        Assert.Equal(300_000, rows.Count);
        Assert.All([0, 87_380, 87_381, 131_071, 131_072, 262_144, 299_999], row =>
            Assert.Equal([row % 1000, row % 3 == 0 ? 0 : 1, row % 3 == 0 ? 1 : 0], rows.Row(row).ToArray()));
        var taken = rows.Take([299_999, 5]).Take([1]);
        Assert.Equal([5, 1, 0], taken.ToArray());
        Assert.Equal([5f, 1, 0], taken.ToSingles());
        Assert.Equal([1], taken.Labels.ToArray());
    }

    [Fact]
    public void the_page_lists_every_spelling_of_a_missing_value()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "spec", "tables.md"));
        var start = page.IndexOf("## Missing values", StringComparison.Ordinal);
        var end = page.IndexOf("| `--missing` |", StringComparison.Ordinal);

        var listed = page[start..end].Split('`').Where((_, part) => part % 2 == 1);

        Assert.Equal(Values.MissingSpellings.Where(spelling => spelling.Length > 0).Order(), listed.Order());
    }

    private static string Wrong(TableOptions options) => Message("a,b,y\n1,2,p\n3,4,q\n", options);

    private static Dataset Read(string text, TableOptions? options = null) =>
        DatasetReader.Read("t.csv", new MemoryStream(Encoding.UTF8.GetBytes(text)), options);

    private static string Message(string text, TableOptions? options = null) =>
        Assert.Throws<InputException>(() => Read(text, options)).Message;
}
