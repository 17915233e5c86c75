using System.Text;
using nietras.SeparatedValues;

namespace IrisOperator.Training.Data;

/// <summary>
/// Splits text into records and cells by RFC 4180: quotes doubled inside quotes, delimiters and line breaks inside quotes, LF, CRLF or CR.
/// Lines that hold nothing are passed over, wherever they are.
/// </summary>
/// <remarks>
/// Quotes are strict: one inside an unquoted cell, one that is never closed and text after a closing one are errors with their line. Of
/// the text one record is in memory.
/// </remarks>
internal sealed class DelimitedReader : IDisposable
{
    private const int HeadLength = 64 * 1024;

    // Sep doubles its buffer, and fills it, until a record is in it.
    private const int LeastAllowance = 1024 * 1024;
    private const int AllowedRecords = 4;

    private readonly TextPass _pass;
    private readonly HeadedReader _text;
    private readonly SepReader _records;
    private readonly TableLimits _limits;
    private int _nextLine = 1;

    public DelimitedReader(TextFile file, TableOptions options)
    {
        Name = file.Name;
        _limits = options.Limits;
        _pass = file.Open();
        try
        {
            var head = new char[HeadLength];
            var length = _pass.Text.ReadBlock(head);
            var text = new string(head, 0, length).TrimStart('\uFEFF');
            Dialect = Dialect.Recognise(text, length < HeadLength, options);
            Dialect.SeparatorLine(text, out var skipped);
            _nextLine += skipped > 0 ? 1 : 0;
            FirstLine = _nextLine - 1;
            _text = new HeadedReader(text[skipped..], _pass.Text);
            _records = Sep.New(Dialect.Delimiter).Reader(o => o with { HasHeader = false, DisableColCountCheck = true })
                .From(_text);
        }
        catch
        {
            _pass.Dispose();
            throw;
        }
    }

    public string Name { get; }

    public Dialect Dialect { get; }

    /// <summary>The line on which the current record starts, counted from 1.</summary>
    public int Line { get; private set; }

    /// <summary>How many cells the current record has.</summary>
    public int Count => _records.Current.ColCount;

    // Lines before those that the records are counted in.
    private int FirstLine { get; }

    /// <summary>Moves to the next record that holds anything; false at the end of the file.</summary>
    /// <exception cref="InputException">The record is beyond a limit.</exception>
    /// <exception cref="DecoderFallbackException">The text is not in the encoding that was taken for its own.</exception>
    public bool Read()
    {
        while (MoveNext())
        {
            var record = _records.Current;
            Line = _nextLine;
            _nextLine = FirstLine + record.LineNumberToExcl;
            var length = record.Span.Length;
            if (length > _limits.LineLength)
            {
                throw TooLong(record.Span.Contains('"'));
            }
            if (HoldsAnything(record.Span))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>As it stands in the file, quotes and blanks included.</summary>
    public ReadOnlySpan<char> Raw(int cell) => _records.Current[cell].Span;

    /// <summary>Without its quotes, and without what is blank or invisible at both ends, inside of quotes, too.</summary>
    /// <exception cref="InputException">The quotes are wrong.</exception>
    public ReadOnlySpan<char> Cell(int cell)
    {
        var text = Values.Trim(Raw(cell));
        if (!text.Contains('"'))
        {
            return text;
        }
        if (text[0] != '"')
        {
            throw Wrong($"column {cell + 1} has a quote inside an unquoted field");
        }
        var content = text[1..];
        var quote = content.IndexOf('"');
        if (quote >= 0 && quote == content.Length - 1)
        {
            return Values.Trim(content[..quote]);
        }
        var unquoted = new StringBuilder();
        while (quote >= 0 && content[(quote + 1)..] is ['"', ..])
        {
            unquoted.Append(content[..(quote + 1)]);
            content = content[(quote + 2)..];
            quote = content.IndexOf('"');
        }
        return quote < 0 ? throw Wrong($"column {cell + 1} starts with a quote that is never closed")
            : quote < content.Length - 1 ? throw Wrong($"column {cell + 1} goes on after its closing quote")
            : Values.Trim(unquoted.Append(content[..quote]).ToString());
    }

    /// <summary>Reads what is left, for the sum over the whole file.</summary>
    public string Sum() => _pass.Sum();

    public InputException Wrong(string what) => InputException.OfDataset($"{Name} line {Line}: {what}");

    public InputException Wrong(string column, string what) =>
        InputException.OfDataset($"{Name} line {Line}, column {Values.Show(column)}: {what}");

    public void Dispose()
    {
        _records.Dispose();
        _pass.Dispose();
    }

    // Spreadsheets write delimiters alone for rows that are empty.
    private bool HoldsAnything(ReadOnlySpan<char> record) =>
        record.Length > 0
        && (char.IsAsciiLetterOrDigit(record[0])
            || (record.ContainsAnyExcept([Dialect.Delimiter, ' ', '\t']) && !Values.Trim(record).IsEmpty));

    private bool MoveNext()
    {
        try
        {
            _text.Allowance = Math.Max(LeastAllowance, AllowedRecords * (long)_limits.LineLength);
            return _records.MoveNext();
        }
        catch (NotSupportedException)
        {
            // Beyond the allowance, or Sep's own bound.
            Line = _nextLine;
            throw TooLong(mayBeQuoted: true);
        }
    }

    private InputException TooLong(bool mayBeQuoted) =>
        Wrong($"longer than {_limits.LineLength} characters{(mayBeQuoted ? "; is a quote never closed?" : "")}");

    /// <summary>Text that was looked at, and what comes after it. For one record no more is read than it may need.</summary>
    private sealed class HeadedReader(string head, TextReader rest) : TextReader
    {
        private int _position;

        public long Allowance { get; set; } = LeastAllowance;

        public override int Read(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));

        public override int Read(Span<char> buffer)
        {
            if (Allowance <= 0)
            {
                throw new NotSupportedException();
            }
            var taken = head.AsSpan(_position, Math.Min(buffer.Length, head.Length - _position));
            taken.CopyTo(buffer);
            _position += taken.Length;
            var read = taken.IsEmpty ? rest.Read(buffer) : taken.Length;
            Allowance -= read;
            return read;
        }
    }
}
