using System.Security.Cryptography;

namespace IrisOperator.Training.Data;

/// <summary>From a CSV file to a <see cref="Dataset"/>, or to the first thing that is wrong with it.</summary>
public static class DatasetReader
{
    // For each number: 8 in the table, and up to that much again in each of the copies of a fold, the learning library and its index.
    private const int TrainingBytes = 32;

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
            throw InputException.OfDataset($"{name}: {stream.Length} bytes, more than {limits.FileBytes}");
        }
        return Read(name, stream, target, limits);
    }

    /// <param name="stream">Read twice: the first time lines are counted, so that no number is ever copied to a longer list.</param>
    public static Dataset Read(string fileName, Stream stream, string? target, CsvLimits? limits = null)
    {
        limits ??= CsvLimits.Default;
        var lines = CountLines(stream);
        stream.Position = 0;
        using var sha256 = SHA256.Create();
        using var summed = new CryptoStream(stream, sha256, CryptoStreamMode.Read, leaveOpen: true);
        var csv = new CsvReader(fileName, summed, limits);
        if (!csv.Read())
        {
            throw InputException.OfDataset($"{fileName}: the file is empty");
        }
        string[] columns = [.. csv.Fields];
        var targetIndex = CsvHeader.Validate(csv, columns, target, fileName, limits);

        // A field and its comma or line break are two bytes at least.
        var capacity = (int)Math.Min(limits.Rows, Math.Min(lines, (stream.Length / (2 * columns.Length)) + 1));
        RequireMemory(fileName, capacity, columns.Length - 1, limits);
        var (values, labels, names) = ReadRows(csv, fileName, columns, targetIndex, capacity, limits);
        var classes = ClassesOf(labels, names, fileName, columns[targetIndex]);
        int[] ordinal = [.. names.Select(name => Array.IndexOf(classes, name))];
        foreach (ref var label in labels.AsSpan())
        {
            label = ordinal[label];
        }
        string[] features = [.. columns.Where((_, i) => i != targetIndex)];
        var rows = new LabelledRows(values, labels, features.Length, classes.Length);
        return new Dataset(fileName, Digest.FromHash(sha256.Hash).ToString(), columns[targetIndex], features, classes, rows);
    }

    /// <returns>At least as many as there are; one more where the last line break ends the file.</returns>
    private static long CountLines(Stream stream)
    {
        var block = new byte[64 * 1024];
        var lines = 1L;
        for (int read; (read = stream.Read(block)) > 0;)
        {
            var bytes = block.AsSpan(0, read);
            lines += bytes.Count((byte)'\n') + bytes.Count((byte)'\r') - bytes.Count("\r\n"u8);
        }
        return lines;
    }

    // Refused here, for a process that the kernel kills can say nothing.
    private static void RequireMemory(string fileName, int rows, int features, CsvLimits limits)
    {
        var needed = (long)rows * features * TrainingBytes;
        if (needed > limits.MemoryBytes)
        {
            throw InputException.OfDataset($"{fileName}: {rows} lines of {features} numbers need about {needed >> 20} MiB of memory to "
                + $"train, and there are {limits.MemoryBytes >> 20}; raise spec.trainer.resources.limits.memory");
        }
    }

    /// <summary>The labels are indices into the names, which are in the order of their first rows.</summary>
    private static (double[] Values, int[] Labels, List<string> Names) ReadRows(
        CsvReader csv, string fileName, string[] columns, int targetIndex, int capacity, CsvLimits limits)
    {
        var values = new double[(long)capacity * (columns.Length - 1)];
        var labels = new int[capacity];
        var names = new List<string>();
        var indices = new Dictionary<string, int>(StringComparer.Ordinal);
        var (count, next) = (0, 0);
        while (csv.Read())
        {
            if (csv.Fields.Count != columns.Length)
            {
                throw csv.Wrong(csv.Fields is [""] ? "empty line" : $"expected {columns.Length} fields, found {csv.Fields.Count}");
            }
            if (count == limits.Rows)
            {
                throw csv.Wrong($"more than {limits.Rows} rows");
            }
            if (count == capacity)
            {
                throw new IOException($"{fileName} was changed while it was read");
            }
            for (var c = 0; c < columns.Length; c++)
            {
                var field = csv.Fields[c];
                var where = new CsvPlace(fileName, csv.Line, columns[c]);
                if (c != targetIndex)
                {
                    values[next++] = CsvNumber.Parse(field, where);
                    continue;
                }
                if (!indices.TryGetValue(field, out var label))
                {
                    label = names.Count;
                    indices.Add(field, label);
                    names.Add(Label(field, where, label, limits));
                }
                labels[count] = label;
            }
            count++;
        }
        return (values, labels[..count], names);
    }

    private static string Label(string field, CsvPlace where, int known, CsvLimits limits)
    {
        var problem = field.Length == 0 ? "the value is missing"
            : field.Length > limits.NameLength ? $"longer than {limits.NameLength} characters"
            : known == limits.Classes ? $"more than {limits.Classes} different values; is this the label column?" : null;
        return problem is null ? field : throw where.Wrong(problem);
    }

    private static string[] ClassesOf(int[] labels, List<string> names, string fileName, string target)
    {
        if (labels.Length == 0)
        {
            throw InputException.OfDataset($"{fileName}: a header, but no rows");
        }
        var counts = labels.CountBy(label => names[label]).OrderBy(c => c.Key, StringComparer.Ordinal).ToArray();
        if (counts.Length == 1)
        {
            throw Wrong($"one class only ({CsvPlace.Show(counts[0].Key)})");
        }
        var lonely = counts.FirstOrDefault(c => c.Value == 1).Key;
        if (lonely is not null)
        {
            throw Wrong($"class {CsvPlace.Show(lonely)} has 1 row");
        }
        return [.. counts.Select(c => c.Key)];

        InputException Wrong(string what) => InputException.OfDataset($"{fileName}, column \"{target}\": {what}, at least 2 are needed");
    }
}

/// <summary>
/// A table that can be learned from: finite numbers (also as float32), two or more classes with two or more rows each,
/// distinct column names.
/// </summary>
/// <param name="Digest">"sha256:" and the sum of the raw bytes of the file.</param>
/// <param name="Target">The label column; the other columns are the features, in the order of the file.</param>
/// <param name="Classes">In ordinal order; a label is an index into this.</param>
public sealed record Dataset(
    string FileName, string Digest, string Target, IReadOnlyList<string> FeatureNames, IReadOnlyList<string> Classes, LabelledRows Rows);

/// <summary>Numbers row by row, and the class of each row.</summary>
/// <param name="values">May be longer than the rows.</param>
public sealed class LabelledRows(double[] values, int[] labels, int features, int classes)
{
    public int Count => labels.Length;

    public int Features => features;

    /// <summary>How many classes there are in all; some may have no row in a subset.</summary>
    public int Classes => classes;

    /// <summary>All numbers, row after row.</summary>
    public ReadOnlySpan<double> Values => values.AsSpan(0, labels.Length * features);

    public ReadOnlySpan<int> Labels => labels;

    public ReadOnlySpan<double> Row(int row) => values.AsSpan(row * features, features);

    /// <summary>The named rows, in the named order.</summary>
    public LabelledRows Take(ReadOnlySpan<int> rows)
    {
        var taken = new double[rows.Length * features];
        var takenLabels = new int[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            Row(rows[i]).CopyTo(taken.AsSpan(i * features));
            takenLabels[i] = labels[rows[i]];
        }
        return new LabelledRows(taken, takenLabels, features, classes);
    }
}

/// <summary>Which file is meant by an input folder or file and an optional name in it.</summary>
public static class DatasetFile
{
    private const int ListedFiles = 20;

    /// <param name="input">A folder, or a CSV file.</param>
    /// <param name="name">A file in the folder (also below it); null means the only *.csv there.</param>
    /// <exception cref="InputException">No such file, or none or several to choose from; lists what is there.</exception>
    public static string Find(string input, string? name)
    {
        if (name is not null)
        {
            return Named(input, name);
        }
        if (File.Exists(input))
        {
            return input;
        }
        if (!Directory.Exists(input))
        {
            throw Wrong($"{input}: no such file or folder");
        }
        var found = FilesIn(input).Where(f => f.EndsWith(".csv", StringComparison.OrdinalIgnoreCase)).ToArray();
        return found switch
        {
            [var only] => Path.Combine(input, only),
            [] => throw Wrong($"{input}: no *.csv file; {List(input)}"),
            _ => throw Wrong($"{input}: several *.csv files ({string.Join(", ", found.Take(ListedFiles))}); say which by --file"),
        };
    }

    private static string Named(string input, string name)
    {
        if (!Directory.Exists(input))
        {
            throw Wrong(File.Exists(input) ? $"{input} is a file; --file names a file in a folder" : $"{input}: no such file or folder");
        }
        var path = Path.GetFullPath(Path.Combine(input, name));
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(input)) + Path.DirectorySeparatorChar;
        if (!path.StartsWith(root, StringComparison.Ordinal))
        {
            throw new InputException(InputProblem.InvalidArgument, $"--file {name}: is not inside {input}");
        }
        return File.Exists(path) ? path : throw Wrong($"{name}: no such file in {input}; {List(input)}");
    }

    /// <summary>Names that start with a dot are left out: a mounted config map keeps its own links there.</summary>
    private static IEnumerable<string> FilesIn(string folder) => Directory.EnumerateFiles(folder)
        .Select(f => Path.GetFileName(f))
        .Where(f => !f.StartsWith('.'))
        .Order(StringComparer.Ordinal);

    private static string List(string folder)
    {
        string[] files = [.. FilesIn(folder).Take(ListedFiles)];
        return files.Length == 0 ? "the folder has no files" : $"the files there are {string.Join(", ", files)}";
    }

    private static InputException Wrong(string message) => InputException.OfDataset(message);
}
