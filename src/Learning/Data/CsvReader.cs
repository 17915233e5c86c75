using System.Text;

namespace IrisOperator.Learning.Data;

/// <summary>
/// Splits UTF-8 bytes into records and fields by RFC 4180: commas, quotes doubled inside quotes, line breaks inside
/// quotes, LF or CRLF. A byte order mark and empty lines at the end are skipped; blanks around an unquoted field too.
/// </summary>
/// <remarks>Nothing is guessed: a stray quote, an unclosed quote or bytes that are not UTF-8 are errors with their line.</remarks>
public sealed class CsvReader(string fileName, ReadOnlyMemory<byte> bytes, CsvLimits limits)
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly List<string> _fields = [];
    private int _position = bytes.Span.StartsWith("\uFEFF"u8) ? 3 : 0;
    private int _nextLine = 1;

    /// <summary>The line on which the current record starts, counted from 1.</summary>
    public int Line { get; private set; }

    /// <summary>The fields of the current record; overwritten by the next <see cref="Read"/>.</summary>
    public IReadOnlyList<string> Fields => _fields;

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
        var start = _position;
        do
        {
            _fields.Add(ReadField(start));
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

    private bool OnlyLineBreaksLeft() => bytes.Span[_position..].IndexOfAnyExcept((byte)'\r', (byte)'\n') < 0;

    private bool TakeComma()
    {
        var isComma = _position < bytes.Length && bytes.Span[_position] == ',';
        _position += isComma ? 1 : 0;
        return isComma;
    }

    private void TakeLineBreak()
    {
        var rest = bytes.Span[_position..];
        _position += rest.StartsWith("\r\n"u8) ? 2 : Math.Min(1, rest.Length);
        _nextLine++;
    }

    private string ReadField(int recordStart)
    {
        SkipBlanks();
        var quoted = _position < bytes.Length && bytes.Span[_position] == '"';
        var field = quoted ? ReadQuoted() : ReadUnquoted();
        if (_position - recordStart > limits.RecordBytes)
        {
            throw Wrong($"longer than {limits.RecordBytes} bytes");
        }
        return field;
    }

    private string ReadUnquoted()
    {
        var rest = bytes.Span[_position..];
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
            var rest = bytes.Span[_position..];
            var length = rest.IndexOf((byte)'"');
            if (length < 0 || content.Count + length > limits.RecordBytes)
            {
                throw Wrong($"column {_fields.Count + 1} starts with a quote that is never closed");
            }
            content.AddRange(rest[..length]);
            _nextLine += rest[..length].Count((byte)'\n');
            _position += length + 1;
            if (_position == bytes.Length || bytes.Span[_position] != '"')
            {
                break;
            }
            content.Add((byte)'"');
            _position++;
        }
        SkipBlanks();
        if (_position < bytes.Length && bytes.Span[_position] is not ((byte)',' or (byte)'\r' or (byte)'\n'))
        {
            throw Wrong($"column {_fields.Count + 1} goes on after its closing quote");
        }
        return Decode([.. content]);
    }

    private void SkipBlanks()
    {
        var blanks = bytes.Span[_position..].IndexOfAnyExcept(" \t"u8);
        _position = blanks < 0 ? bytes.Length : _position + blanks;
    }

    private string Decode(ReadOnlySpan<byte> field)
    {
        try
        {
            return Utf8.GetString(field);
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

    /// <summary>Characters of a column or class name.</summary>
    public int NameLength { get; init; } = 1_000;
}
