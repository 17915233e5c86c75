using IrisOperator.Training.Data;
using static IrisOperator.TrainerImage.CommandOption;

namespace IrisOperator.TrainerImage;

/// <summary>The options that say which table is read, and how.</summary>
internal static class TableCommandLine
{
    private static readonly Option _file = Value(
        StepOption.File, "NAME", "file, folder or pattern inside <input>; several files are one table (default: the only *.csv there)");
    private static readonly Option _target = Value(StepOption.Target, "COLUMN", "label column (default: the last)");
    private static readonly Option _task = Value(
        StepOption.Task, "TASK", "classification, of classes, or regression, of numbers (default: classification)");
    private static readonly Option _feature = Repeatable(StepOption.Feature, "COLUMN", "column to learn from (default: all others)");
    private static readonly Option _exclude = Repeatable(StepOption.Exclude, "COLUMN", "column to leave out");
    private static readonly Option _categorical = Repeatable(
        StepOption.Categorical, "COLUMN", "feature that is text even where it holds numbers, as codes are");
    private static readonly Option _column = Repeatable(StepOption.Column, "NAME", "name of the next column of a file without a header");
    private static readonly Option _missing = Value(
        StepOption.Missing, "WAY", $"what becomes of missing values: {Listed<MissingValues>()} (default: Refuse)");
    private static readonly Option _delimiter = Value(
        StepOption.Delimiter, "CHARACTER", "or the word tab (default: recognised among comma, semicolon, tab and |)");
    private static readonly Option _decimal = Value(StepOption.Decimal, "SIGN", "point or comma (default: recognised)");
    private static readonly Option _encoding = Value(
        StepOption.Encoding, "NAME", "such as utf-8 or shift_jis (default: recognised among UTF-8, UTF-16 and windows-1252)");

    public static IReadOnlyList<Option> Options { get; } =
        [_file, _target, _task, _feature, _exclude, _categorical, _column, _missing, _delimiter, _decimal, _encoding];

    /// <exception cref="InputException">There are none, or too many.</exception>
    public static IReadOnlyList<string> Files(GivenOptions given, string input) => DatasetFile.Find(input, given.Single(_file));

    /// <exception cref="InputException">A value is not one of those that an option takes.</exception>
    public static TableOptions Read(GivenOptions given, MissingValues missing = MissingValues.Refuse) => new()
    {
        Target = given.Single(_target),
        Task = given.Single(_task) switch
        {
            null or "classification" => TableTask.Classification,
            "regression" => TableTask.Regression,
            _ => throw given.Unexpected(_task, "classification or regression"),
        },
        Features = given.All(_feature),
        Exclude = given.All(_exclude),
        Categorical = given.All(_categorical),
        Columns = given.All(_column),
        Missing = given.Single(_missing) is { } way ? MissingOf(given, way) : missing,
        Delimiter = given.Single(_delimiter) is { } delimiter ? DelimiterOf(given, delimiter) : null,
        DecimalSign = given.Single(_decimal) switch
        {
            null => null,
            "." or "point" => '.',
            "," or "comma" => ',',
            _ => throw given.Unexpected(_decimal, "point or comma"),
        },
        Encoding = given.Single(_encoding),
    };

    private static MissingValues MissingOf(GivenOptions given, string way) =>
        Enum.GetValues<MissingValues>().Cast<MissingValues?>().FirstOrDefault(value => value.ToString() == way)
        ?? throw given.Unexpected(_missing, Listed<MissingValues>());

    private static char DelimiterOf(GivenOptions given, string delimiter) => delimiter switch
    {
        "tab" or "\\t" => '\t',
        [var one] when TableOptions.CanDelimit(one) => one,
        _ => throw given.Unexpected(_delimiter, "the word tab, or one character that is neither letter, digit, quote, point nor sign"),
    };

    private static string Listed<T>()
        where T : struct, Enum => string.Join(", ", Enum.GetNames<T>());
}
