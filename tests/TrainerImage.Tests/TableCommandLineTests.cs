using IrisOperator.Training;
using IrisOperator.Training.Data;

namespace IrisOperator.TrainerImage.Tests;

public sealed class TableCommandLineTests
{
    [Fact]
    public void every_option_says_what_is_read()
    {
        var options = Read(
            "--target y --feature a --feature b --exclude c --categorical a --column a --column b --column c --column y "
            + "--missing Impute --delimiter ; --decimal comma --encoding latin1");

        Assert.Equal("y", options.Target);
        Assert.Equal(["a", "b"], options.Features);
        Assert.Equal(["c"], options.Exclude);
        Assert.Equal(["a"], options.Categorical);
        Assert.Equal(["a", "b", "c", "y"], options.Columns);
        Assert.Equal(
            (MissingValues.Impute, ';', ',', "latin1"), (options.Missing, options.Delimiter, options.DecimalSign, options.Encoding));
    }

    [Fact]
    public void nothing_is_set_where_nothing_is_given()
    {
        var options = Read("");

        Assert.Equal(
            (null, MissingValues.Refuse, null, null, null),
            (options.Target, options.Missing, options.Delimiter, options.DecimalSign, options.Encoding));
        Assert.Equal(0, options.Features.Count + options.Exclude.Count + options.Categorical.Count + options.Columns.Count);
    }

    [Fact]
    public void variables_list_columns_between_commas()
    {
        var options = Read("--exclude a", name => name switch
        {
            "IRIS_EXCLUDE" => "b, c",
            "IRIS_DELIMITER" => ",",
            "IRIS_MISSING" => "Native",
            _ => null,
        });

        Assert.Equal(["a", "b", "c"], options.Exclude);
        Assert.Equal((MissingValues.Native, ','), (options.Missing, options.Delimiter));
    }

    [Theory]
    [InlineData("tab", '\t')]
    [InlineData("\\t", '\t')]
    [InlineData("|", '|')]
    [InlineData(":", ':')]
    public void a_delimiter_is_a_character_or_its_name(string given, char delimiter)
    {
        Assert.Equal(delimiter, Read($"--delimiter {given}").Delimiter);
    }

    [Theory]
    [InlineData("--missing impute", "--missing: expected Refuse, DropRows, Impute, Native, found \"impute\"")]
    [InlineData("--missing 1", "--missing: expected Refuse, DropRows, Impute, Native, found \"1\"")]
    [InlineData("--decimal ;", "--decimal: expected point or comma, found \";\"")]
    [InlineData(
        "--delimiter x",
        "--delimiter: expected the word tab, or one character that is neither letter, digit, quote, point nor sign, found \"x\"")]
    public void what_an_option_does_not_take_is_named(string arguments, string message)
    {
        Assert.Equal(message, Assert.Throws<InputException>(() => Read(arguments)).Message);
    }

    private static TableOptions Read(string arguments, Func<string, string?>? environment = null) =>
        TableCommandLine.Read(Given.Of(TableCommandLine.Options, arguments, environment));
}
