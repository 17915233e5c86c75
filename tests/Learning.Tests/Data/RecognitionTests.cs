using System.IO.Compression;
using System.Text;
using IrisOperator.Testing;
using IrisOperator.Training.Data;

namespace IrisOperator.Learning.Tests.Data;

/// <summary>What is recognised of a file, what is told of it, and what can be set instead.</summary>
public sealed class RecognitionTests
{
    private const string Table = "größe,b,y\n1.5,2,p\n3.5,4,q\n5.5,6,p\n7.5,8,q\n";

    [Theory]
    [InlineData(',', "")]
    [InlineData(';', "the delimiter of t.csv is taken to be \";\"")]
    [InlineData('\t', "the delimiter of t.csv is taken to be tab")]
    [InlineData('|', "the delimiter of t.csv is taken to be \"|\"")]
    public void a_delimiter_is_recognised_and_told(char delimiter, string told)
    {
        var dataset = Read(Encoding.UTF8.GetBytes(Table.Replace(',', delimiter)));

        Assert.Equal([1.5, 2, 3.5, 4, 5.5, 6, 7.5, 8], dataset.Rows.ToArray());
        Assert.Equal(told, string.Concat(dataset.Assumptions));
    }

    [Theory]
    [InlineData("sep=;\r\n1;b;y\r\n1,5;2;p\r\n", "t.csv, column \"y\": one class only (\"p\"), at least 2 are needed")]
    [InlineData("\"sep=;\"\n1;b;y\nx\n", "t.csv line 3: expected 3 fields, found 1")]
    [InlineData("a b y\n1 2 p\n",
        "t.csv line 1: one column only, at least one number and a label are needed; set the delimiter if it is \" \"")]
    [InlineData("a;y\n1.5;p\n2,5;q\n", "t.csv line 3, column \"a\": expected a number, found \"2,5\"; "
        + "the decimal sign is taken to be \".\", set it if it is \",\"")]
    [InlineData("a;y\n1,5;p\n1.000,5;q\n", "t.csv line 3, column \"a\": expected a number, found \"1.000,5\"")]
    public void lines_are_counted_and_causes_told_whatever_the_delimiter(string text, string message)
    {
        Assert.Equal(message, Message(Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public void what_is_set_is_not_guessed_and_not_told()
    {
        var options = new TableOptions { Delimiter = ' ', DecimalSign = ',', Encoding = "cp1252" };

        var dataset = Read(Encoding.Latin1.GetBytes(Table.Replace(',', ' ').Replace('.', ',')), options);

        Assert.Equal("größe", dataset.Features[0].Name);
        Assert.Equal([1.5, 2, 3.5, 4, 5.5, 6, 7.5, 8], dataset.Rows.ToArray());
        Assert.Empty(dataset.Assumptions);
    }

    public static TheoryData<byte[], string> Encoded => new()
    {
        { Encoding.UTF8.GetBytes(Table), "" },
        { [.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(Table)], "" },
        { [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Table)], "t.csv is taken for utf-16 text" },
        { Encoding.Unicode.GetBytes(Table), "t.csv is taken for utf-16 text" },
        { Encoding.BigEndianUnicode.GetBytes(Table), "t.csv is taken for utf-16BE text" },
        { [.. Encoding.UTF32.GetPreamble(), .. Encoding.UTF32.GetBytes(Table)], "t.csv is taken for utf-32 text" },
        { Encoding.Latin1.GetBytes(Table), "t.csv is taken for windows-1252 text" },
        { Packed(Encoding.UTF8.GetBytes(Table)), "" },
        { Packed(Encoding.Latin1.GetBytes(Table)), "t.csv is taken for windows-1252 text" },
    };

    [Theory]
    [MemberData(nameof(Encoded))]
    public void an_encoding_is_recognised_and_told(byte[] bytes, string told)
    {
        var dataset = Read(bytes);

        Assert.Equal("größe", dataset.Features[0].Name);
        Assert.Equal([1.5, 2, 3.5, 4, 5.5, 6, 7.5, 8], dataset.Rows.ToArray());
        Assert.Equal(told, string.Concat(dataset.Assumptions));
        Assert.Equal(Digest.Of(bytes).ToString(), dataset.Digest);
    }

    [Fact]
    public void an_encoding_that_shows_only_in_the_last_of_many_rows_is_recognised()
    {
        var rows = string.Concat(Enumerable.Repeat("1,2,p\n3,4,q\n", 50_000));

        var dataset = Read([.. Encoding.ASCII.GetBytes($"a,b,y\n{rows}"), .. Encoding.Latin1.GetBytes("5,6,é\n7,8,é\n")]);

        Assert.Equal(["p", "q", "é"], dataset.Classes);
        Assert.Equal(100_002, dataset.Rows.Count);
        Assert.Equal(["t.csv is taken for windows-1252 text"], dataset.Assumptions);
    }

    public static TheoryData<byte[], string> NoTables => new()
    {
        { [.. "PK\u0003\u0004rest"u8], "an Excel workbook or a zip archive" },
        { [.. "PAR1rest"u8], "a Parquet file" },
        { [.. "SQLite format 3\0"u8], "an SQLite database" },
        { [0x80, 4, 0x95, 0], "a pickle of Python" },
        { Packed([.. "PAR1rest"u8]), "a Parquet file" },
        { [.. "\r\n<!DOCTYPE HTML><p>sign in"u8], "a web page" },
        { [.. "{\"a\": 1}"u8], "a JSON document" },
        { [.. "version https://git-lfs.github.com/spec/v1\n"u8], "a pointer of Git LFS" },
    };

    [Theory]
    [MemberData(nameof(NoTables))]
    public void a_file_of_another_format_is_called_by_its_name(byte[] bytes, string format)
    {
        Assert.Matches($"^t\\.csv: {format}.*not a text of delimited values; .*", Message(bytes));
    }

    [Theory]
    [InlineData(new byte[] { (byte)'a', 0x81, (byte)'\n' }, null,
        "t.csv line 1: not UTF-8 text, nor windows-1252; set the encoding that it has")]
    [InlineData(new byte[] { (byte)'a', 0xFF }, "us-ascii", "t.csv: not all of it is us-ascii text; set the encoding that it has")]
    [InlineData(new byte[] { (byte)'a', 0xFF }, "klingon",
        "encoding: no encoding \"klingon\"; known are utf-8, utf-16, windows-1252, iso-8859-15 and others")]
    [InlineData(new byte[] { 0xFF, 0xFE, 65, 0 }, "utf-8",
        "t.csv: starts with the byte order mark of utf-16, and the encoding is set to utf-8")]
    [InlineData(new byte[] { (byte)'a', 0, 0, 0, 0, (byte)'b' }, null,
        "t.csv: holds bytes of zero, as no text does; export it as CSV, or set the encoding that it has")]
    public void bytes_that_are_no_text_are_refused(byte[] bytes, string? encoding, string message)
    {
        Assert.Equal(message, Message(bytes, new TableOptions { Encoding = encoding }));
    }

    [Fact]
    public void utf8_with_a_damaged_place_is_not_taken_for_another_encoding()
    {
        byte[] bytes = [.. Encoding.UTF8.GetBytes("a,y\n1,größe\n2,straße\n3,gr"), 0xC3, .. "e\n"u8];

        Assert.Equal("t.csv line 4: not UTF-8 text, nor windows-1252; set the encoding that it has", Message(bytes));
    }

    [Fact]
    public void packed_data_that_is_cut_off_is_refused_wherever_it_is_cut()
    {
        var packed = Packed(Encoding.UTF8.GetBytes(Table));

        Assert.All(Enumerable.Range(10, packed.Length - 10), length =>
            Assert.StartsWith("t.csv: packed by gzip, and damaged or cut off (", Message(packed[..length]), StringComparison.Ordinal));
    }

    [Fact]
    public void several_files_of_one_header_are_one_table_with_the_sum_of_their_sums()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.Combine("a.csv"), "a,y\n1,p\n2,q\n");
        File.WriteAllText(folder.Combine("b.csv"), "a;y\n3,5;p\n4;q\n");

        var dataset = DatasetReader.ReadFiles([folder.Combine("a.csv"), folder.Combine("b.csv")]);

        Assert.Equal([1, 2, 3.5, 4], dataset.Rows.ToArray());
        Assert.Equal("a.csv, b.csv", dataset.FileName);

        // sha256sum a.csv b.csv | sha256sum
        Assert.Equal("sha256:01fd93ba5ff09b7085a2eb98604ca5471a259ac3cdf27a231177352a20e7b1cd", dataset.Digest);
        File.WriteAllText(folder.Combine("b.csv"), "b,y\n3,p\n");
        var e = Assert.Throws<InputException>(() => DatasetReader.ReadFiles([folder.Combine("a.csv"), folder.Combine("b.csv")]));
        Assert.Equal("b.csv line 1: the header differs from that of a.csv: a, y there, b, y here", e.Message);
    }

    private static Dataset Read(byte[] bytes, TableOptions? options = null) =>
        DatasetReader.Read("t.csv", new MemoryStream(bytes), options);

    private static string Message(byte[] bytes, TableOptions? options = null) =>
        Assert.Throws<InputException>(() => Read(bytes, options)).Message;

    private static byte[] Packed(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }
        return packed.ToArray();
    }
}
