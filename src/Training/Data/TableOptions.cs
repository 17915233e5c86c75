namespace IrisOperator.Training.Data;

/// <summary>How a table is to be read. The default is a file with a header, whose last column is the label.</summary>
public sealed record TableOptions
{
    public static readonly TableOptions Default = new();

    /// <summary>The column to predict; null means the last that is neither excluded nor a named feature.</summary>
    public string? Target { get; init; }

    /// <summary>Columns to learn from, always in the order of the file; empty means all but target and excluded ones.</summary>
    public IReadOnlyList<string> Features { get; init; } = [];

    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>Features that are text even where all values are numbers, as codes are.</summary>
    public IReadOnlyList<string> Categorical { get; init; } = [];

    /// <summary>Names of the columns of a file that has no header; empty means that line 1 is the header.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    public MissingValues Missing { get; init; } = MissingValues.Refuse;

    /// <summary>Null: recognised among comma, semicolon, tab and vertical bar.</summary>
    public char? Delimiter { get; init; }

    /// <summary>Point or comma; null: recognised, and a point wherever the comma is the delimiter.</summary>
    public char? DecimalSign { get; init; }

    /// <summary>A name as the IANA registers it; null: recognised among UTF-8, UTF-16 and windows-1252.</summary>
    public string? Encoding { get; init; }

    /// <summary>A column that marks the rows to be held out, as <see cref="RowMarks"/>; it is no feature.</summary>
    public string? HoldoutColumn { get; init; }

    /// <summary>A column of numbers or dates by which rows are ordered, of which the last are held out; it is no feature.</summary>
    public string? HoldoutOrder { get; init; }

    public TableTask Task { get; init; } = TableTask.Classification;

    public TableLimits Limits { get; init; } = TableLimits.Default;

    /// <summary>Printable ASCII or a tab, and nothing that a number or a name is made of.</summary>
    public static bool CanDelimit(char delimiter) =>
        delimiter is '\t' or (>= ' ' and <= '~') && !char.IsAsciiLetterOrDigit(delimiter) && !"\"+-._".Contains(delimiter);
}

/// <summary>What the target is.</summary>
public enum TableTask
{
    /// <summary>One of several classes.</summary>
    Classification,

    /// <summary>A number.</summary>
    Regression,
}

/// <summary>
/// What becomes of a row in which a value is missing. A missing label is an error by the first, and drops its row by the others.
/// </summary>
public enum MissingValues
{
    /// <summary>An error.</summary>
    Refuse,

    /// <summary>The row is left out.</summary>
    DropRows,

    /// <summary>The mean of a number, the most frequent of texts and truth values.</summary>
    Impute,

    /// <summary>Left to the algorithm: not a number in a column of numbers, zeros in the columns of a text.</summary>
    Native,
}

/// <summary>What a table may ask of the process that reads it; more is an error that names the limit.</summary>
public sealed record TableLimits
{
    public static readonly TableLimits Default = new();

    public int Rows { get; init; } = 10_000_000;

    public int Columns { get; init; } = 10_001;

    public int Classes { get; init; } = 1_000;

    /// <summary>Different values of one text feature.</summary>
    public int Categories { get; init; } = 1_000;

    /// <summary>Characters of one record, line breaks inside quotes included.</summary>
    public int LineLength { get; init; } = 1024 * 1024;

    /// <summary>Characters of a column, class or category name.</summary>
    public int NameLength { get; init; } = 1_000;

    /// <summary>Bytes of memory that the process has, by the limit of its container or else of the machine.</summary>
    public long MemoryBytes { get; init; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
}
