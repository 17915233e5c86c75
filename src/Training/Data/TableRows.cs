namespace IrisOperator.Training.Data;

/// <summary>
/// The rows of one or several files as raw numbers: a number as it is, a text by its number in the vocabulary of its column, NaN for
/// what is missing.
/// </summary>
internal sealed class TableRows
{
    // For each number: 8 in the table, and up to that much again in each of the copies of a fold, the learning library and its index.
    private const int TrainingBytes = 32;

    private readonly TableSchema _schema;
    private readonly TableOptions _options;
    private readonly Vocabulary?[] _vocabularies;
    private readonly Vocabulary _classes;
    private readonly List<int> _labels = [];
    private readonly List<double> _targets = [];
    private readonly List<double> _marks = [];

    public TableRows(TableSchema schema, TableOptions options)
    {
        _schema = schema;
        _options = options;
        Rows = new RowBlocks(schema.Features.Length);
        _classes = new Vocabulary(schema.Names[schema.Target], options.Limits.Classes, "is this the label column?", options.Limits);
        _vocabularies = [.. schema.Features.Select(c => schema.Kinds[c] == ColumnKind.Text
            ? new Vocabulary(schema.Names[c], options.Limits.Categories, "is this a feature? If not, exclude it", options.Limits)
            : null)];
    }

    public RowBlocks Rows { get; }

    public Vocabulary Classes => _classes;

    public List<int> Labels => _labels;

    public List<double> Targets => _targets;

    /// <summary>What decides whether a row is held out; null where no column does.</summary>
    public RowMarks? Marks =>
        _schema.Mark < 0 ? null : new RowMarks(_schema.Names[_schema.Mark], _options.HoldoutColumn is null, _marks);

    /// <summary>Rows that were left out because a feature is missing.</summary>
    public int WithoutFeature { get; private set; }

    /// <summary>Rows that were left out because the label is missing.</summary>
    public int WithoutLabel { get; private set; }

    public Vocabulary? VocabularyOf(int feature) => _vocabularies[feature];

    /// <summary>Adds the rows of a file whose header was read.</summary>
    /// <param name="isFirstRowRead">True where there is no header, and the reader stands on the first row.</param>
    public void Add(DelimitedReader reader, bool isFirstRowRead)
    {
        for (var more = isFirstRowRead || reader.Read(); more; more = reader.Read())
        {
            if (reader.Count != _schema.Names.Length)
            {
                throw WrongCount(reader);
            }
            if (Rows.Count == _options.Limits.Rows)
            {
                throw reader.Wrong($"more than {Rows.Count} rows");
            }
            AddRow(reader);
            RequireMemory(reader);
        }
    }

    private void AddRow(DelimitedReader reader)
    {
        var row = Rows.Next();
        var isMissing = false;
        for (var f = 0; f < row.Length; f++)
        {
            row[f] = ValueOf(reader, f);
            isMissing |= double.IsNaN(row[f]);
        }
        if (isMissing && _options.Missing == MissingValues.DropRows)
        {
            WithoutFeature++;
        }
        else if (AddTarget(reader))
        {
            AddMark(reader);
            Rows.Commit();
        }
        else
        {
            WithoutLabel++;
        }
    }

    private void AddMark(DelimitedReader reader)
    {
        if (_schema.Mark >= 0)
        {
            var name = _schema.Names[_schema.Mark];
            var cell = reader.Cell(_schema.Mark);
            _marks.Add(_options.HoldoutColumn is null ? RowMarks.Place(reader, name, cell) : RowMarks.Mark(reader, name, cell));
        }
    }

    private double ValueOf(DelimitedReader reader, int feature)
    {
        var column = _schema.Features[feature];
        var kind = _schema.Kinds[column];
        if (kind == ColumnKind.Number
            && Numbers.TryParseShort(reader.Raw(column), reader.Dialect.DecimalSign, out var number))
        {
            return number;
        }
        var cell = reader.Cell(column);
        return Values.IsMissing(cell) ? Missing(reader, column, cell)
            : kind == ColumnKind.Text ? _vocabularies[feature]!.NumberOf(cell, reader)
            : kind == ColumnKind.Number ? NumberOf(reader, column, cell)
            : Values.TryTruth(cell, out var truth) ? truth
            : throw reader.Wrong(_schema.Names[column], $"expected true or false, found {Values.Show(cell)}");
    }

    /// <returns>False if it is missing, and such rows are left out.</returns>
    private bool AddTarget(DelimitedReader reader)
    {
        var cell = reader.Cell(_schema.Target);
        if (Values.IsMissing(cell))
        {
            return !double.IsNaN(Missing(reader, _schema.Target, cell));
        }
        if (_options.Task == TableTask.Regression)
        {
            _targets.Add(NumberOf(reader, _schema.Target, cell));
        }
        else
        {
            _labels.Add(_classes.NumberOf(cell, reader));
        }
        return true;
    }

    private double Missing(DelimitedReader reader, int column, ReadOnlySpan<char> cell) => _options.Missing != MissingValues.Refuse
        ? double.NaN
        : throw reader.Wrong(_schema.Names[column], $"the value is missing{(cell.IsEmpty ? "" : $" ({Values.Show(cell)})")}");

    private double NumberOf(DelimitedReader reader, int column, ReadOnlySpan<char> cell)
    {
        var sign = reader.Dialect.DecimalSign;
        var isNumber = Numbers.TryParse(cell, out var value, sign);
        var problem = !isNumber ? $"expected a number, found {Values.Show(cell)}{HintFor(cell, sign)}"
            : !double.IsFinite(value) ? $"expected a finite number, found {Values.Show(cell)}"

            // XGBoost computes in float32, where this would be infinite.
            : Math.Abs(value) > float.MaxValue ? $"{Values.Show(cell)} is beyond the range of a 32-bit float"
            : null;
        return problem is null ? value : throw reader.Wrong(_schema.Names[column], problem);
    }

    private static string HintFor(ReadOnlySpan<char> cell, char decimalSign)
    {
        var other = decimalSign == '.' ? ',' : '.';
        return Dialect.LooksLikeDecimal(cell, other)
            ? $"; the decimal sign is taken to be \"{decimalSign}\", set it if it is \"{other}\""
            : "";
    }

    /// <summary>A wrong quote is what makes most wrong counts, and is told rather.</summary>
    private InputException WrongCount(DelimitedReader reader)
    {
        for (var cell = 0; cell < reader.Count; cell++)
        {
            _ = reader.Cell(cell);
        }
        return reader.Wrong($"expected {_schema.Names.Length} fields, found {reader.Count}");
    }

    // Refused here, for a process that the kernel kills can say nothing.
    private void RequireMemory(DelimitedReader reader)
    {
        var needed = (long)Rows.Count * Rows.Columns * TrainingBytes;
        if (needed > _options.Limits.MemoryBytes)
        {
            throw reader.Wrong(NeedOf(needed, Rows.Count, Rows.Columns, _options.Limits, "more than "));
        }
    }

    /// <exception cref="InputException">The encoded rows need more memory than there is.</exception>
    public static void RequireMemory(string fileName, int rows, int columns, TableLimits limits)
    {
        var needed = (long)rows * columns * TrainingBytes;
        if (needed > limits.MemoryBytes)
        {
            throw InputException.OfDataset($"{fileName}: {NeedOf(needed, rows, columns, limits, "")}");
        }
    }

    private static string NeedOf(long needed, int rows, int columns, TableLimits limits, string more) =>
        $"{rows} rows of {columns} numbers need {more}{needed >> 20} MiB of memory to train, and there are {limits.MemoryBytes >> 20}; "
        + "raise spec.trainer.resources.limits.memory";
}
