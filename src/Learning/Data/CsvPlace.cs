using System.Globalization;

namespace IrisOperator.Learning.Data;

/// <summary>A field, for messages.</summary>
internal readonly record struct CsvPlace(string FileName, int Line, string Column)
{
    private const int ShownLength = 40;

    public InputException Wrong(string what)
    {
        return new InputException(
            InputProblem.InvalidDataset,
            string.Create(CultureInfo.InvariantCulture, $"{FileName} line {Line}, column {Show(Column)}: {what}"));
    }

    /// <summary>A value in quotes, shortened, with control characters made visible: messages stay on one line.</summary>
    public static string Show(string value)
    {
        return Quote(string.Concat(value.Select(c => char.IsControl(c) ? '\uFFFD' : c)), ShownLength);
    }
}
