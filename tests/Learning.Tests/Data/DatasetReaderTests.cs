using System.Text;
using IrisOperator.Training.Data;

namespace IrisOperator.Learning.Tests.Data;

public sealed class DatasetReaderTests
{
    [Fact]
    public void iris_has_150_rows_of_4_features_and_3_classes_in_ordinal_order()
    {
        var iris = Samples.Iris();

        Assert.Equal(["Sepal_Length", "Sepal_Width", "Petal_Length", "Petal_Width"], iris.Features.Select(f => f.Name));
        Assert.Equal(["setosa", "versicolor", "virginica"], iris.Classes);
        Assert.Equal("Species", iris.Target);
        Assert.Equal(150, iris.Rows.Count);
        Assert.Equal([5.1, 3.5, 1.4, 0.2], iris.Rows.Row(0).ToArray());
        Assert.Equal("sha256:b1b3837538684338d59678c44c37ed560fcc17beedfd76780d88bef0b7389697", iris.Digest);
    }

    [Theory]
    [InlineData("a,b,y\n1,2,p\n3,4,q\n5,6,p\n7,8,q\n")]
    [InlineData("a,b,y\r\n1,2,p\r\n3,4,q\r\n5,6,p\r\n7,8,q\r\n")]
    [InlineData("a,b,y\n1,2,p\n3,4,q\n5,6,p\n7,8,q")]
    [InlineData("a,b,y\n1,2,p\n3,4,q\n5,6,p\n7,8,q\n\n\r\n")]
    [InlineData("\uFEFFa,b,y\n1,2,p\n3,4,q\n5,6,p\n7,8,q\n")]
    [InlineData("\"a\",\"b\",\"y\"\n\"1\",2,\"p\"\n3,4,q\n5,6,p\n7,8,q\n")]
    [InlineData("a , b,\ty\n 1,2 ,p\n3,4, q\n5,6,p\n7,\"8\" ,q\n")]
    [InlineData("a,b,y\n1.0,2e0,p\n+3,4,q\n.5e1,6,p\n7,8,q\n")]
    public void spellings_of_one_table_read_alike(string text)
    {
        var dataset = Samples.Csv(text);

        Assert.Equal(["a", "b"], dataset.Features.Select(f => f.Name));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], dataset.Rows.ToArray());
        Assert.Equal([0, 1, 0, 1], dataset.Rows.Labels.ToArray());
    }

    [Fact]
    public void the_target_may_be_any_column()
    {
        var dataset = Samples.Csv("y,a\np,1\nq,2\np,3\nq,4\n", "y");

        Assert.Equal(["a"], dataset.Features.Select(f => f.Name));
        Assert.Equal([1, 2, 3, 4], dataset.Rows.ToArray());
    }

    [Fact]
    public void quotes_may_hold_commas_quotes_and_line_breaks_and_lines_are_still_counted()
    {
        var dataset = Samples.Csv("a,\"the \"\"label\"\", of\n2 lines\"\n1,\"x,\r\ny\"\n2,z\n3,\"x,\r\ny\"\n4,z\n");

        Assert.Equal("the \"label\", of\n2 lines", dataset.Target);
        Assert.Equal(["x,\r\ny", "z"], dataset.Classes);
        var e = Assert.Throws<InputException>(() => Samples.Csv("a,y\n1,\"x\ny\"\nbad,z\n"));
        Assert.Equal("t.csv line 4, column \"a\": expected a number, found \"bad\"", e.Message);
    }

    public static TheoryData<string, string> WrongTables => new()
    {
        { "", "t.csv: the file is empty" },
        { "\n\n", "t.csv: the file is empty" },
        { "a,y\n", "t.csv: a header, but no rows" },
        { "a,b,y\n1,2,p\n3,q\n", "t.csv line 3: expected 3 fields, found 2" },
        { "a,b,y\n1,2,p\n3,4,5,q\n", "t.csv line 3: expected 3 fields, found 4" },
        { "a,b,y\n1,2,p\n1,abc,q\n", "t.csv line 3, column \"b\": expected a number, found \"abc\"" },
        {
            "a,b,y\n1,\"2,5\",p\n",
            "t.csv line 2, column \"b\": expected a number, found \"2,5\"; "
            + "the decimal sign is taken to be \".\", set it if it is \",\""
        },
        { "a,b,y\n1,1 000,p\n", "t.csv line 2, column \"b\": expected a number, found \"1 000\"" },
        { "a,b,y\n1,,p\n", "t.csv line 2, column \"b\": the value is missing" },
        { "a,b,y\n1,2,\n", "t.csv line 2, column \"y\": the value is missing" },
        { "a,y\nNaN,p\n", "t.csv line 2, column \"a\": the value is missing (\"NaN\")" },
        { "a,y\n-Infinity,p\n", "t.csv line 2, column \"a\": expected a finite number, found \"-Infinity\"" },
        { "a,y\n1e999,p\n", "t.csv line 2, column \"a\": expected a finite number, found \"1e999\"" },
        { "a,y\n1e39,p\n", "t.csv line 2, column \"a\": \"1e39\" is beyond the range of a 32-bit float" },
        { "a,b,a,y\n1,2,3,p\n", "t.csv line 1: column name \"a\" occurs twice (columns 1 and 3)" },
        { "a,,y\n1,2,p\n", "t.csv line 1: the name of column 2 needs 1 to 1000 characters" },
        { "y\np\nq\n", "t.csv line 1: one column only, at least one number and a label are needed" },
        {
            "5.1,3.5,1.4,setosa\n4.9,3.0,1.4,setosa\n",
            "t.csv line 1: expected column names, found \"5.1\", \"3.5\", \"1.4\", \"setosa\"; "
            + "the names of a file without a header have to be given"
        },
        { "a,y\n1,p\n2,p\n", "t.csv, column \"y\": one class only (\"p\"), at least 2 are needed" },
        { "a,y\n1,p\n2,p\n3,q\n", "t.csv, column \"y\": class \"q\" has 1 row, at least 2 are needed" },
        { "a,y\n1,p\"q\n", "t.csv line 2: column 2 has a quote inside an unquoted field" },
        { "a,y\n1,\"pq\n", "t.csv line 2: column 2 starts with a quote that is never closed" },
        { "a,y\n1,\"p\"q\n", "t.csv line 2: column 2 goes on after its closing quote" },
        {
            "a,y\n1,p\n\"x\u0007" + new string('x', 50) + "\",p\n",
            "t.csv line 3, column \"a\": expected a number, found \"x\\u0007" + new string('x', 33) + "…\""
        },
    };

    [Theory]
    [MemberData(nameof(WrongTables))]
    public void a_wrong_table_is_refused_with_its_place(string text, string message)
    {
        var e = Assert.Throws<InputException>(() => Samples.Csv(text));

        Assert.Equal(message, e.Message);
        Assert.Equal(InputProblem.InvalidDataset, e.Problem);
    }

    [Fact]
    public void a_target_that_does_not_exist_lists_the_columns()
    {
        var e = Assert.Throws<InputException>(() => Samples.Csv("a,b,y\n1,2,p\n", "Species"));

        Assert.Equal("t.csv: no column \"Species\"; the columns are a, b, y", e.Message);
    }

    [Fact]
    public void columns_named_by_whole_numbers_are_a_header()
    {
        Assert.Equal(["0", "1"], Samples.Csv("0,1,y\n1,2,p\n3,4,q\n5,6,p\n7,8,q\n").Features.Select(f => f.Name));
    }

    [Theory]
    [InlineData("columns", "t.csv line 1: more than 3 columns", "a,b,c,y\n")]
    [InlineData("rows", "t.csv line 4: more than 2 rows", "a,y\n1,p\n2,q\n3,r\n")]
    [InlineData("line", "t.csv line 2: longer than 20 characters", "a,y\n1.000000000000000000000000000,p\n")]
    [InlineData("line", "t.csv line 2: longer than 20 characters; is a quote never closed?", "a,y\n1,\"p\n2,q\n3,r\n4,s\n5,t\n6,u\n")]
    [InlineData(
        "memory",
        "t.csv line 4: 3 rows of 2 numbers need more than 0 MiB of memory to train, and there are 0; "
        + "raise spec.trainer.resources.limits.memory",
        "a,b,y\n1,2,p\n2,3,q\n3,4,p\n")]
    [InlineData("classes", "t.csv line 4, column \"y\": more than 2 different values; is this the label column?", "a,y\n1,p\n2,q\n3,r\n")]
    [InlineData(
        "categories",
        "t.csv line 4, column \"a\": more than 2 different values; is this a feature? If not, exclude it",
        "a,y\nu,p\nv,q\nw,p\n")]
    public void every_limit_has_a_message(string limit, string message, string text)
    {
        var limits = limit switch
        {
            "columns" => new TableLimits { Columns = 3 },
            "rows" => new TableLimits { Rows = 2 },
            "line" => new TableLimits { LineLength = 20 },
            "memory" => new TableLimits { MemoryBytes = 160 },
            "categories" => new TableLimits { Categories = 2 },
            _ => new TableLimits { Classes = 2 },
        };

        var e = Assert.Throws<InputException>(() => DatasetReader.Read(
            "t.csv", new MemoryStream(Encoding.UTF8.GetBytes(text)), new TableOptions { Limits = limits }));

        Assert.Equal(message, e.Message);
    }
}
