namespace IrisOperator.Operator.Api.V1Alpha1;

/// <summary>A table on a volume or in a config map of the same namespace, and how it is read.</summary>
public sealed record DatasetSource
{
    [Description("A PersistentVolumeClaim of the same namespace; it is mounted read-only.")]
    [MinLength(1), MaxLength(253)]
    public string? ClaimName { get; init; }

    [Description("A ConfigMap of the same namespace, for small tables.")]
    [MinLength(1), MaxLength(253)]
    public string? ConfigMapName { get; init; }

    [Description("The file or folder inside the volume, relative, such as iris.csv. Omitted: the only CSV at the top.")]
    [MinLength(1), MaxLength(512)]
    public string? Path { get; init; }

    [Description("The column to predict. Omitted: the last one.")]
    [MinLength(1), MaxLength(256)]
    public string? Target { get; init; }

    [Description("The columns to learn from. Omitted: all but the target and those in exclude.")]
    public IReadOnlyList<string>? Features { get; init; }

    [Description("Columns that are left out, such as an identifier.")]
    public IReadOnlyList<string>? Exclude { get; init; }

    [Description("Columns whose values are names even where they look like numbers, such as a postcode.")]
    public IReadOnlyList<string>? Categorical { get; init; }

    [Description("False where the first line holds data; columns then names all columns.")]
    [Default(true)]
    public bool? Header { get; init; }

    [Description("The names of all columns from left to right, for a table without a header.")]
    public IReadOnlyList<string>? Columns { get; init; }

    [Description(
        "What becomes of missing values, such as NA or an empty cell. Refuse: the run fails and names the first. "
        + "DropRows: their rows are left out. Impute: the mean, or the most frequent name, stands for them. "
        + "Native: the algorithm learns what they mean; xgboost can. "
        + "But for Refuse, rows without a target are left out.")]
    [Enumeration(RefuseMissing, "DropRows", "Impute", "Native"), Default(RefuseMissing)]
    public string? Missing { get; init; }

    [Description("What separates cells: one character, or the word tab. Omitted: a comma, semicolon, tab or bar is recognised.")]
    [MinLength(1), MaxLength(3)]
    public string? Delimiter { get; init; }

    [Description("What stands before decimals, a point or a comma. Omitted: recognised.")]
    [Enumeration(".", ",")]
    public string? DecimalSign { get; init; }

    [Description(
        "How the file encodes characters, such as iso-8859-15 or shift_jis. "
        + "Omitted: UTF-8, UTF-16 or windows-1252 is recognised.")]
    [MinLength(1), MaxLength(64)]
    public string? Encoding { get; init; }

    internal const string RefuseMissing = "Refuse";
}
