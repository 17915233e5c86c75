using System.Globalization;
using System.Text;

namespace IrisOperator.Training.Data;

/// <summary>
/// Splits UTF-8 bytes into records and fields by RFC 4180: commas, quotes doubled inside quotes, line breaks inside
/// quotes, LF or CRLF. A byte order mark and empty lines at the end are skipped; blanks around an unquoted field too.
/// </summary>
/// <remarks>
/// Nothing is guessed: a stray quote, an unclosed quote or bytes that are not UTF-8 are errors with their line. Of the file two records
/// of the greatest length are in memory.
/// </remarks>
public sealed class CsvReader(string fileName, Stream stream, CsvLimits limits)
{
    private const int MarkAndLineBreak = 5;
    private static readonly UTF8Encoding _utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly List<string> _fields = [];
    private readonly byte[] _window = new byte[2 * (limits.RecordBytes + MarkAndLineBreak)];
    private int _position;
    private int _end;
    private int _recordStart;
    private bool _isLast;
    private int _nextLine = 1;

    /// <summary>The line on which the current record starts, counted from 1.</summary>
    public int Line { get; private set; }

    /// <summary>The fields of the current record; overwritten by the next <see cref="Read"/>.</summary>
    public IReadOnlyList<string> Fields => _fields;

    private ReadOnlySpan<byte> Rest => _window.AsSpan(_position.._end);

    /// <summary>Moves to the next record; false at the end of the file.</summary>
    /// <exception cref="InputException">The record is malformed or beyond a limit.</exception>
    public bool Read()
    {
        _fields.Clear();
        if (OnlyLineBreaksLeft())
        {
            return false;
        }
        Line = _nextLine;
        _recordStart = _position;
        do
        {
            SkipBlanks();
            _fields.Add(Rest is [(byte)'"', ..] ? ReadQuoted() : ReadUnquoted());
            if (_fields.Count > limits.Columns)
            {
                throw Wrong($"more than {limits.Columns} columns");
            }
        }
        while (TakeComma());
        TakeLineBreak();
        return true;
    }

    public InputException Wrong(string what) => InputException.OfDataset($"{fileName} line {Line}: {what}");

    private bool OnlyLineBreaksLeft()
    {
        var isFirst = Line == 0;
        for (var passed = false; ; passed = true)
        {
            FillWindow();
            _position += isFirst && !passed && Rest.StartsWith("\uFEFF"u8) ? 3 : 0;
            if (Rest.IndexOfAnyExcept((byte)'\r', (byte)'\n') >= 0)
            {
                Line = _nextLine;
                return passed ? throw Wrong("empty line") : false;
            }
            if (_isLast)
            {
                return true;
            }
            _position = _end;
        }
    }

    /// <summary>Afterwards the whole record is there, unless it is longer than it may be.</summary>
    private void FillWindow()
    {
        if (_isLast || Rest.Length >= limits.RecordBytes + MarkAndLineBreak)
        {
            return;
        }
        Rest.CopyTo(_window);
        (_position, _end) = (0, _end - _position);
        _end += stream.ReadAtLeast(_window.AsSpan(_end), _window.Length - _end, throwOnEndOfStream: false);
        _isLast = _end < _window.Length;
    }

    private bool TakeComma()
    {
        var isComma = Rest is [(byte)',', ..];
        _position += isComma ? 1 : 0;
        return isComma;
    }

    private void TakeLineBreak()
    {
        var rest = Rest;
        _position += rest.StartsWith("\r\n"u8) ? 2 : Math.Min(1, rest.Length);
        _nextLine++;
    }

    private string ReadUnquoted()
    {
        var rest = Rest;
        var length = rest.IndexOfAny(",\r\n"u8);
        var field = length < 0 ? rest : rest[..length];
        if (field.Contains((byte)'"'))
        {
            throw Wrong($"column {_fields.Count + 1} has a quote inside an unquoted field");
        }
        _position += field.Length;
        return Decode(field).Trim(' ', '\t');
    }

    private string ReadQuoted()
    {
        var content = new List<byte>();
        _position++;
        while (true)
        {
            var rest = Rest;
            var length = rest.IndexOf((byte)'"');
            if (length < 0 || content.Count + length > limits.RecordBytes)
            {
                throw Wrong($"column {_fields.Count + 1} starts with a quote that is never closed");
            }
            content.AddRange(rest[..length]);
            _nextLine += rest[..length].Count((byte)'\n');
            _position += length + 1;
            if (Rest is not [(byte)'"', ..])
            {
                break;
            }
            content.Add((byte)'"');
            _position++;
        }
        SkipBlanks();
        if (Rest is [not ((byte)',' or (byte)'\r' or (byte)'\n'), ..])
        {
            throw Wrong($"column {_fields.Count + 1} goes on after its closing quote");
        }
        return Decode([.. content]);
    }

    private void SkipBlanks()
    {
        var blanks = Rest.IndexOfAnyExcept(" \t"u8);
        _position = blanks < 0 ? _end : _position + blanks;
    }

    private string Decode(ReadOnlySpan<byte> field)
    {
        if (_position - _recordStart > limits.RecordBytes)
        {
            throw Wrong($"longer than {limits.RecordBytes} bytes");
        }
        try
        {
            return _utf8.GetString(field);
        }
        catch (DecoderFallbackException)
        {
            throw Wrong($"column {_fields.Count + 1} is not UTF-8 text");
        }
    }
}

/// <summary>What a CSV file may ask of the process that reads it; more is an error that names the limit.</summary>
public sealed record CsvLimits
{
    public static readonly CsvLimits Default = new();

    public long FileBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>Bytes of one record, line breaks inside quotes included.</summary>
    public int RecordBytes { get; init; } = 1024 * 1024;

    public int Columns { get; init; } = 10_001;

    public int Rows { get; init; } = 5_000_000;

    public int Classes { get; init; } = 1_000;

    /// <summary>Bytes of memory that the process has, by the limit of its container or else of the machine.</summary>
    public long MemoryBytes { get; init; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>Characters of a column or class name.</summary>
    public int NameLength { get; init; } = 1_000;
}

internal static class CsvHeader
{
    /// <summary>Checks the names and returns the index of the label column.</summary>
    public static int Validate(CsvReader csv, string[] columns, string? target, string fileName, CsvLimits limits)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var c = 0; c < columns.Length; c++)
        {
            var name = columns[c];
            if (name.Length == 0 || name.Length > limits.NameLength)
            {
                throw csv.Wrong($"the name of column {c + 1} needs 1 to {limits.NameLength} characters");
            }
            if (!seen.TryAdd(name, c))
            {
                throw csv.Wrong($"column name {CsvPlace.Show(name)} occurs twice (columns {seen[name] + 1} and {c + 1})");
            }
        }
        var targetIndex = target is null ? columns.Length - 1 : Array.IndexOf(columns, target);
        if (targetIndex < 0)
        {
            throw InputException.OfDataset(
                $"{fileName}: no column {CsvPlace.Show(target!)}; the columns are {string.Join(", ", columns)}");
        }
        if (columns.Length == 1)
        {
            throw csv.Wrong("one column only, at least one number and a label are needed");
        }
        if (LooksLikeData(columns, targetIndex))
        {
            throw csv.Wrong("expected column names, found numbers");
        }
        return targetIndex;
    }

    /// <summary>
    /// A file without a header (as the original iris.data) would lose its first row unseen. Whole numbers may be names:
    /// tables exported without names count their columns.
    /// </summary>
    private static bool LooksLikeData(string[] columns, int targetIndex)
    {
        var fraction = false;
        foreach (var (_, name) in columns.Index().Where(column => column.Index != targetIndex))
        {
            if (!CsvNumber.TryParse(name, out var number))
            {
                return false;
            }
            fraction |= number != Math.Floor(number);
        }
        return fraction;
    }
}

/// <summary>A numeric field: a decimal point, never a comma, whatever the culture of the machine.</summary>
internal static class CsvNumber
{
    public static double Parse(string field, CsvPlace where) =>
        field.Length == 0 ? throw where.Wrong("the value is missing")
        : !TryParse(field, out var value) ? throw where.Wrong($"expected a number, found {CsvPlace.Show(field)}")
        : !double.IsFinite(value) ? throw where.Wrong($"expected a finite number, found {CsvPlace.Show(field)}")
        : Math.Abs(value) <= float.MaxValue ? value

        // XGBoost computes in float32, where this would be infinite.
        : throw where.Wrong($"{CsvPlace.Show(field)} is beyond the range of a 32-bit float");

    public static bool TryParse(string field, out double value) =>
        double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
}

/// <summary>A field, for messages.</summary>
internal readonly record struct CsvPlace(string FileName, int Line, string Column)
{
    private const int ShownLength = 40;

    public InputException Wrong(string what) => InputException.OfDataset($"{FileName} line {Line}, column {Show(Column)}: {what}");

    /// <summary>A value in quotes, shortened, with control characters made visible: messages stay on one line.</summary>
    public static string Show(string value) => Quote(string.Concat(value.Select(c => char.IsControl(c) ? '\uFFFD' : c)), ShownLength);
}
