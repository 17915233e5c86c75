using System.Globalization;

namespace IrisOperator.Learning.Data;

/// <summary>From a CSV file to a <see cref="Dataset"/>, or to the first thing that is wrong with it.</summary>
public static class DatasetReader
{
    /// <remarks>The label column is <paramref name="target"/>; null means the last.</remarks>
    /// <exception cref="InputException">Names file, line, column and value.</exception>
    /// <exception cref="IOException">The file exists but cannot be read.</exception>
    public static Dataset ReadFile(string path, string? target, CsvLimits? limits = null)
    {
        limits ??= CsvLimits.Default;
        var name = Path.GetFileName(path);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        if (stream.Length > limits.FileBytes)
        {
            throw Wrong(string.Create(CultureInfo.InvariantCulture, $"{name}: {stream.Length} bytes, more than {limits.FileBytes}"));
        }
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return Read(name, bytes, target, limits);
    }

    public static Dataset Read(string fileName, byte[] bytes, string? target, CsvLimits? limits = null)
    {
        limits ??= CsvLimits.Default;
        var csv = new CsvReader(fileName, bytes, limits);
        if (!csv.Read())
        {
            throw Wrong($"{fileName}: the file is empty");
        }
        string[] columns = [.. csv.Fields];
        var targetIndex = CsvHeader.Validate(csv, columns, target, fileName, limits);
        var (values, labels) = ReadRows(csv, fileName, columns, targetIndex, limits);
        var classes = ClassesOf(labels, fileName, columns[targetIndex]);
        var index = classes.Select((name, i) => (name, i)).ToDictionary(c => c.name, c => c.i, StringComparer.Ordinal);
        int[] labelIndices = [.. labels.Select(label => index[label])];
        string[] features = [.. columns.Where((_, i) => i != targetIndex)];
        return new Dataset(
            fileName,
            Digest.Of(bytes).ToString(),
            columns[targetIndex],
            features,
            classes,
            new LabelledRows(values, labelIndices, features.Length, classes.Length));
    }

    private static (double[] Values, List<string> Labels) ReadRows(
        CsvReader csv, string fileName, string[] columns, int targetIndex, CsvLimits limits)
    {
        var values = new List<double>();
        var labels = new List<string>();
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        while (csv.Read())
        {
            if (csv.Fields.Count != columns.Length)
            {
                throw csv.Wrong(Ragged(csv.Fields, columns.Length));
            }
            if (labels.Count == limits.Rows)
            {
                throw csv.Wrong($"more than {limits.Rows} rows");
            }
            for (var c = 0; c < columns.Length; c++)
            {
                var field = csv.Fields[c];
                var where = new CsvPlace(fileName, csv.Line, columns[c]);
                if (c == targetIndex)
                {
                    labels.Add(Label(field, where, names, limits));
                }
                else
                {
                    values.Add(CsvNumber.Parse(field, where));
                }
            }
        }
        return (values.ToArray(), labels);
    }

    private static string Ragged(IReadOnlyList<string> fields, int expected)
    {
        return fields is [""]
            ? "empty line"
            : string.Create(CultureInfo.InvariantCulture, $"expected {expected} fields, found {fields.Count}");
    }

    /// <summary>One string object per class, however many rows.</summary>
    private static string Label(string field, CsvPlace where, Dictionary<string, string> names, CsvLimits limits)
    {
        if (names.TryGetValue(field, out var known))
        {
            return known;
        }
        if (field.Length == 0)
        {
            throw where.Wrong("the value is missing");
        }
        if (field.Length > limits.NameLength)
        {
            throw where.Wrong($"longer than {limits.NameLength} characters");
        }
        if (names.Count == limits.Classes)
        {
            throw where.Wrong($"more than {limits.Classes} different values; is this the label column?");
        }
        names.Add(field, field);
        return field;
    }

    private static string[] ClassesOf(List<string> labels, string fileName, string target)
    {
        if (labels.Count == 0)
        {
            throw Wrong($"{fileName}: a header, but no rows");
        }
        var counts = labels.CountBy(label => label, StringComparer.Ordinal).OrderBy(c => c.Key, StringComparer.Ordinal).ToArray();
        if (counts.Length == 1)
        {
            throw Wrong($"{fileName}, column \"{target}\": one class only ({CsvPlace.Show(counts[0].Key)}), at least 2 are needed");
        }
        var lonely = counts.FirstOrDefault(c => c.Value == 1).Key;
        if (lonely is not null)
        {
            throw Wrong($"{fileName}, column \"{target}\": class {CsvPlace.Show(lonely)} has 1 row, at least 2 are needed");
        }
        return [.. counts.Select(c => c.Key)];
    }

    private static InputException Wrong(string message) => new(InputProblem.InvalidDataset, message);
}
