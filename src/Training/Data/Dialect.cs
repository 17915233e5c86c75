using nietras.SeparatedValues;

namespace IrisOperator.Training.Data;

/// <summary>How a text is divided: by which delimiter, with which decimal sign, and whether Excel's <c>sep=;</c> comes first.</summary>
/// <param name="IsDelimiterGuessed">True where nothing but the text told the delimiter.</param>
internal sealed record Dialect(char Delimiter, char DecimalSign, bool HasSeparatorLine, bool IsDelimiterGuessed, bool IsDecimalGuessed)
{
    private const string Candidates = ",;\t|";
    private const int LookedAtRows = 200;

    /// <summary>The delimiter of which most rows have as many as the first; of equals the one with most cells, then the comma.</summary>
    /// <param name="isWhole">False: the head ends in the middle of a row.</param>
    public static Dialect Recognise(string head, bool isWhole, TableOptions options)
    {
        var separator = SeparatorLine(head, out var length);
        head = head[length..];
        var delimiter = options.Delimiter ?? separator ?? Guess(head, isWhole);
        var decimalSign = options.DecimalSign
            ?? (delimiter != ',' && UsesDecimalComma(Rows(head, delimiter, isWhole), options.Columns.Count == 0 ? 1 : 0) ? ',' : '.');
        return new Dialect(
            delimiter, decimalSign, separator is not null, options.Delimiter is null && separator is null, options.DecimalSign is null);
    }

    public static string NameOf(char delimiter) => delimiter == '\t' ? "tab" : $"\"{delimiter}\"";

    public static char? SeparatorLine(string head, out int length)
    {
        length = 0;
        var end = head.AsSpan().IndexOfAny('\r', '\n');
        var line = (end < 0 ? head : head.AsSpan(0, end)).Trim('"');
        if (line.Length != 5 || !line.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) || !TableOptions.CanDelimit(line[4]))
        {
            return null;
        }
        length = end < 0 ? head.Length : head.AsSpan(end).StartsWith("\r\n") ? end + 2 : end + 1;
        return line[4];
    }

    private static char Guess(string head, bool isWhole)
    {
        var best = (Share: 0.0, Cells: 1, Delimiter: ',');
        foreach (var candidate in Candidates)
        {
            var rows = Rows(head, candidate, isWhole);
            if (rows is not [{ Length: > 1 } first, ..])
            {
                continue;
            }
            var share = rows.Count(row => row.Length == first.Length) / (double)rows.Count;
            if (share > best.Share || (share == best.Share && first.Length > best.Cells))
            {
                best = (share, first.Length, candidate);
            }
        }
        return best.Delimiter;
    }

    private static List<string[]> Rows(string head, char delimiter, bool isWhole)
    {
        var rows = new List<string[]>();
        using var reader = Sep.New(delimiter).Reader(o => o with { HasHeader = false, DisableColCountCheck = true }).FromText(head);
        while (rows.Count <= LookedAtRows && reader.MoveNext())
        {
            var row = reader.Current;
            if (row.ColCount > 1 || !row.Span.IsWhiteSpace())
            {
                rows.Add(new string[row.ColCount]);
                for (var c = 0; c < row.ColCount; c++)
                {
                    rows[^1][c] = row[c].ToString();
                }
            }
        }
        return isWhole || rows.Count is <= 1 or > LookedAtRows ? rows : rows[..^1];
    }

    private static bool UsesDecimalComma(List<string[]> rows, int firstRow)
    {
        var (commas, points) = (0, 0);
        foreach (var cell in rows.Skip(firstRow).SelectMany(row => row))
        {
            var text = Values.Trim(cell.AsSpan().Trim('"'));
            commas += LooksLikeDecimal(text, ',') ? 1 : 0;
            points += LooksLikeDecimal(text, '.') ? 1 : 0;
        }
        return commas > 0 && points == 0;
    }

    public static bool LooksLikeDecimal(ReadOnlySpan<char> text, char sign) =>
        text.Count(sign) == 1 && Numbers.TryParse(text, out _, sign);
}
