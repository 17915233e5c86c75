using IrisOperator.Testing;
using IrisOperator.Training.Data;

namespace IrisOperator.Learning.Tests.Data;

/// <summary>Tables that users brought: the iris samples as their programs wrote them.</summary>
public sealed class FieldReportTests
{
    private static readonly double[] _iris = Samples.Iris().Rows.ToArray();

    [Fact]
    public void labels_that_differ_in_blanks_alone_are_one_class()
    {
        var dataset = Read("label-spaces-quoted.csv");

        Assert.Equal(["setosa", "versicolor", "virginica"], dataset.Classes);
        Assert.Equal(_iris, dataset.Rows.ToArray());
    }

    [Fact]
    public void a_label_of_R_that_is_NA_is_no_class()
    {
        Assert.Equal("r-na-label.csv line 2, column \"Species\": the value is missing (\"NA\")", Message("r-na-label.csv"));
    }

    [Theory]
    [InlineData(MissingValues.DropRows)]
    [InlineData(MissingValues.Impute)]
    [InlineData(MissingValues.Native)]
    public void rows_without_a_label_are_left_out_and_counted_where_that_is_asked(MissingValues missing)
    {
        var dataset = Read("r-na-label.csv", new TableOptions { Missing = missing });

        Assert.Equal(["setosa", "versicolor", "virginica"], dataset.Classes);
        Assert.Equal(140, dataset.Rows.Count);
        Assert.Equal(["10 of 150 rows are left out, because \"Species\" is missing"], dataset.Assumptions);
    }

    [Fact]
    public void a_first_line_of_counts_and_class_names_is_no_header()
    {
        Assert.Equal(
            "sklearn-iris.csv line 1: expected column names, found \"150\", \"4\", \"setosa\", \"versicolor\", \"virginica\"; "
            + "the names of a file without a header have to be given",
            Message("sklearn-iris.csv"));
    }

    [Fact]
    public void a_column_that_counts_the_rows_is_named_and_can_be_left_out()
    {
        var warned = Read("kaggle-id.csv");
        var without = Read("kaggle-id.csv", new TableOptions { Exclude = ["Id"] });

        Assert.Equal(
            ["\"Id\" only counts the rows; exclude it, unless what is to be predicted depends on it"], warned.Assumptions);
        Assert.Equal(5, warned.Features.Count);
        Assert.Empty(without.Assumptions);
        Assert.Equal(_iris, without.Rows.ToArray());
    }

    [Fact]
    public void lines_that_hold_nothing_are_passed_over()
    {
        Assert.Equal(_iris, Read("crcrlf.csv").Rows.ToArray());
    }

    [Theory]
    [InlineData("missing-cell.csv", "missing-cell.csv line 9, column \"Sepal_Length\": the value is missing")]
    [InlineData("nan-cell.csv", "nan-cell.csv line 9, column \"Sepal_Length\": the value is missing (\"NaN\")")]
    public void a_missing_value_is_refused_dropped_imputed_or_left(string file, string refusal)
    {
        Assert.Equal(refusal, Message(file));

        var dropped = Read(file, new TableOptions { Missing = MissingValues.DropRows });
        Assert.Equal([.. _iris[..28], .. _iris[32..]], dropped.Rows.ToArray());
        Assert.Equal(["1 of 150 rows are left out, because a value is missing"], dropped.Assumptions);

        var mean = Enumerable.Range(0, 150).Where(row => row != 7).Average(row => _iris[4 * row]);
        var imputed = Read(file, new TableOptions { Missing = MissingValues.Impute });
        Assert.Equal(mean, imputed.Rows.Row(7)[0], 1e-12);
        Assert.Equal(imputed.Rows.Row(7)[0], imputed.Features[0].Imputed);
        Assert.Equal(["\"Sepal_Length\" is missing in 1 of 150 rows, and replaced by 5.84899"], imputed.Assumptions);

        var left = Read(file, new TableOptions { Missing = MissingValues.Native });
        Assert.Equal([double.NaN, 3.4, 1.5, 0.2], left.Decode(7));
        Assert.Null(left.Features[0].Imputed);
        Assert.Equal(["\"Sepal_Length\" is missing in 1 of 150 rows, and left to the algorithm"], left.Assumptions);
    }

    [Fact]
    public void True_and_False_of_pandas_are_1_and_0()
    {
        var dataset = Read("bool-features.csv");

        Assert.Equal(67, Enumerable.Range(0, 150).Sum(row => dataset.Rows.Row(row)[4]));
        Assert.Equal(["\"wide\" is read as 1 for true and 0 for false"], dataset.Assumptions);
    }

    [Fact]
    public void the_class_2_is_prediction_2_where_there_are_more_than_ten()
    {
        var dataset = Read("labels-0-to-11.csv");

        Assert.Equal(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"], dataset.Classes);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], dataset.Rows.Labels[..12].ToArray());
    }

    [Fact]
    public void semicolons_and_decimal_commas_of_a_German_Excel_are_recognised()
    {
        var dataset = Read("excel-de.csv");

        Assert.Equal(_iris, dataset.Rows.ToArray());
        Assert.Equal(
            ["the delimiter of excel-de.csv is taken to be \";\"", "the decimal sign of excel-de.csv is taken to be a comma"],
            dataset.Assumptions);
    }

    [Fact]
    public void the_UTF_16_of_Windows_is_recognised()
    {
        var dataset = Read("utf16.csv");

        Assert.Equal(_iris, dataset.Rows.ToArray());
        Assert.Equal(["utf16.csv is taken for utf-16 text"], dataset.Assumptions);
    }

    private static Dataset Read(string file, TableOptions? options = null) =>
        DatasetReader.ReadFile(Path.Combine(Repository.Root, "tests", "Learning.Tests", "Data", "field", file), options);

    private static string Message(string file) => Assert.Throws<InputException>(() => Read(file)).Message;
}
