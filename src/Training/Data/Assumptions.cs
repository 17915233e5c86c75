using System.Collections;
using System.Globalization;

namespace IrisOperator.Training.Data;

/// <summary>What was taken for granted when a table was read, for reports and logs.</summary>
internal sealed class Assumptions
{
    // Fewer rows count up by chance.
    private const int LeastCountedRows = 10;

    private readonly List<string> _sentences = [];

    public IReadOnlyList<string> Sentences => _sentences;

    public void OfText(TextFile file, Dialect dialect)
    {
        if (file.Told is { } encoding)
        {
            Add($"{file.Name} is taken for {encoding} text");
        }
        if (dialect is { IsDelimiterGuessed: true, Delimiter: not ',' })
        {
            Add($"the delimiter of {file.Name} is taken to be {Dialect.NameOf(dialect.Delimiter)}");
        }
        if (dialect is { IsDecimalGuessed: true, DecimalSign: ',' })
        {
            Add($"the decimal sign of {file.Name} is taken to be a comma");
        }
    }

    /// <summary>Two spellings are two classes; where that is a slip, the model is worse for it.</summary>
    public void OfClasses(string[] classes)
    {
        foreach (var alike in classes.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).Where(names => names.Count() > 1))
        {
            Add($"{string.Join(" and ", alike.Select(name => Values.Show(name)))} are different classes, by letter case alone");
        }
    }

    public void OfRows(TableSchema schema, TableRows table, FeatureColumn[] features, int[] missing, TableOptions options)
    {
        var all = table.Rows.Count + table.WithoutFeature + table.WithoutLabel;
        if (table.WithoutFeature > 0)
        {
            Add($"{table.WithoutFeature} of {all} rows are left out, because a value is missing");
        }
        if (table.WithoutLabel > 0)
        {
            Add($"{table.WithoutLabel} of {all} rows are left out, because {Values.Show(schema.Names[schema.Target])} is missing");
        }
        if (schema.Names[0].Length == 0 && schema.Target != 0)
        {
            Add($"column 1 is left out, because it has no name");
        }
        for (var f = 0; f < features.Length; f++)
        {
            OfFeature(table, features[f], f, schema.Kinds[schema.Features[f]], missing[f], all, options);
        }
    }

    private void OfFeature(TableRows table, FeatureColumn feature, int index, ColumnKind kind, int missing, int all, TableOptions options)
    {
        var name = Values.Show(feature.Name);
        if (kind == ColumnKind.Truth)
        {
            Add($"{name} is read as 1 for true and 0 for false");
        }
        if (kind == ColumnKind.Text && !options.Categorical.Contains(feature.Name))
        {
            Add($"{name} is taken for text of {feature.Categories!.Count} categories");
        }
        if (feature.Categories is { Count: var count } && table.Rows.Count >= LeastCountedRows && count * 2 > table.Rows.Count)
        {
            Add($"{name} has {count} different values in {table.Rows.Count} rows; exclude it, if it names rows and nothing else");
        }
        if (missing > 0)
        {
            var stand = feature is { Imputed: { } imputed, Categories: var categories }
                ? $"replaced by {(categories is null ? Shown(imputed) : Values.Show(categories[(int)imputed]))}"
                : "left to the algorithm";
            Add($"{name} is missing in {missing} of {table.Rows.Count} rows, and {stand}");
        }
        if (kind == ColumnKind.Number && IsCount(table.Rows, index, feature, all))
        {
            Add($"{name} only counts the rows; exclude it, unless what is to be predicted depends on it");
        }
    }

    /// <summary>Whole numbers, each once, with hardly a gap: in any order, for tables are shuffled.</summary>
    private static bool IsCount(RowBlocks rows, int index, FeatureColumn feature, int all)
    {
        if (rows.Count < LeastCountedRows || feature.Min != Math.Floor(feature.Min) || !(feature.Max - feature.Min < all))
        {
            return false;
        }
        var seen = new BitArray(all);
        for (var row = 0; row < rows.Count; row++)
        {
            var value = rows[row, index] - feature.Min;
            if (double.IsNaN(value) || value != Math.Floor(value) || seen[(int)value])
            {
                return false;
            }
            seen[(int)value] = true;
        }
        return true;
    }

    private static string Shown(double number) => number.ToString("G6", CultureInfo.InvariantCulture);

    private void Add(FormattableString sentence) => _sentences.Add(sentence.ToString(CultureInfo.InvariantCulture));
}
