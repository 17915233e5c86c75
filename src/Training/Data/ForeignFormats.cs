using System.Text;

namespace IrisOperator.Training.Data;

/// <summary>Files that are called tables and hold no text of delimited values, told by their first bytes.</summary>
internal static class ForeignFormats
{
    private const int LookedAtBytes = 1024;

    private static readonly (byte[] Start, string What, string Way)[] _known =
    [
        ([.. "PK\u0003\u0004"u8], "an Excel workbook or a zip archive", "save the sheet as CSV, or unpack the archive"),
        ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], "an Excel workbook", "save the sheet as CSV"),
        ([.. "PAR1"u8], "a Parquet file", "export it as CSV"),
        ([.. "ARROW1"u8], "an Arrow file", "export it as CSV"),
        ([.. "FEA1"u8], "a Feather file", "export it as CSV"),
        ([.. "Obj\u0001"u8], "an Avro file", "export it as CSV"),
        ([.. "SQLite format 3\0"u8], "an SQLite database", "export a table of it as CSV"),
        ([0x89, .. "HDF"u8], "an HDF5 file", "export it as CSV"),
        ([0x93, .. "NUMPY"u8], "an array of NumPy", "export it as CSV"),
        ([0x80, 2], "a pickle of Python", "export the table as CSV"),
        ([0x80, 3], "a pickle of Python", "export the table as CSV"),
        ([0x80, 4], "a pickle of Python", "export the table as CSV"),
        ([0x80, 5], "a pickle of Python", "export the table as CSV"),
        ([.. "BZh"u8], "packed by bzip2", "unpack it, or pack it by gzip"),
        ([0xFD, .. "7zXZ"u8], "packed by xz", "unpack it, or pack it by gzip"),
        ([0x28, 0xB5, 0x2F, 0xFD], "packed by zstd", "unpack it, or pack it by gzip"),
        ([.. "7z\u00BC\u00AF"u8], "a 7z archive", "unpack it"),
        ([.. "%PDF"u8], "a PDF", "export the table as CSV"),
        ([.. "RDX"u8], "a workspace of R", "export the table by write.csv"),
        ([.. "X\n\0\0"u8], "an object of R", "export the table by write.csv"),
        ([.. "version https://git-lfs"u8], "a pointer of Git LFS and not the file itself", "fetch the file by git lfs pull"),
    ];

    private static readonly (string Start, string What, string Way)[] _markup =
    [
        ("<!doctype html", "a web page", "download the file itself"),
        ("<html", "a web page", "download the file itself"),
        ("<?xml", "an XML document", "export it as CSV"),
        ("<table", "a table of HTML", "export it as CSV"),
        ("{\"", "a JSON document", "export it as CSV"),
        ("[{", "a JSON document", "export it as CSV"),
        ("@relation", "an ARFF file", "export it as CSV"),
    ];

    /// <returns>What the file is and what to do, for a message; null if it may be a table.</returns>
    public static string? Describe(ReadOnlySpan<byte> head)
    {
        foreach (var (start, what, way) in _known)
        {
            if (head.StartsWith(start))
            {
                return $"{what}, not a text of delimited values; {way}";
            }
        }
        var text = Encoding.Latin1.GetString(head[..Math.Min(head.Length, LookedAtBytes)]).TrimStart([.. "\u00EF\u00BB\u00BF \t\r\n"]);
        var found = _markup.FirstOrDefault(known => text.StartsWith(known.Start, StringComparison.OrdinalIgnoreCase));
        return found.What is null ? null : $"{found.What}, not a text of delimited values; {found.Way}";
    }
}
