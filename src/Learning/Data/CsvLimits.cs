namespace IrisOperator.Learning.Data;

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
