using System.Globalization;
using System.Text;
using IrisOperator.Learning.Format;

namespace IrisOperator.Training.Data;

/// <summary>From files of delimited text to a <see cref="Dataset"/>, or to the first thing that is wrong with them.</summary>
public static class DatasetReader
{
    private const int NamedFiles = 3;

    /// <exception cref="InputException">Names file, line, column and value.</exception>
    /// <exception cref="IOException">The file exists but cannot be read.</exception>
    public static Dataset ReadFile(string path, TableOptions? options = null) => ReadFiles([path], options);

    /// <summary>Several files of one header are one table.</summary>
    /// <exception cref="InputException">As of <see cref="ReadFile"/>, or two headers differ.</exception>
    /// <exception cref="IOException">A file exists but cannot be read.</exception>
    public static Dataset ReadFiles(IReadOnlyList<string> paths, TableOptions? options = null)
    {
        options ??= TableOptions.Default;
        return Read([.. paths.Select(path => new TextFile(Path.GetFileName(path), () => Open(path), options))], options);
    }

    /// <param name="stream">Is read from its start, twice or more.</param>
    /// <exception cref="InputException">As of <see cref="ReadFile"/>.</exception>
    public static Dataset Read(string fileName, Stream stream, TableOptions? options = null)
    {
        options ??= TableOptions.Default;
        return Read([new TextFile(fileName, () => new SharedStream(stream), options)], options);
    }

    private static Dataset Read(TextFile[] files, TableOptions options)
    {
        while (true)
        {
            var current = files[0];
            try
            {
                return ReadOnce(files, options, file => current = file);
            }
            catch (DecoderFallbackException)
            {
                current.TakeOtherEncoding();
            }
        }
    }

    private static Dataset ReadOnce(TextFile[] files, TableOptions options, Action<TextFile> starts)
    {
        var schema = TableSchema.Of(files[0], options);
        var table = new TableRows(schema, options);
        var assumptions = new Assumptions();
        var sums = new List<string>();
        foreach (var file in files)
        {
            starts(file);
            using var reader = new DelimitedReader(file, options);
            var names = TableHeader.Read(reader, options).Names;
            if (!names.SequenceEqual(schema.Names))
            {
                throw InputException.OfDataset($"{file.Name} line 1: the header differs from that of {files[0].Name}: "
                    + $"{string.Join(", ", schema.Names)} there, {string.Join(", ", names)} here");
            }
            table.Add(reader, isFirstRowRead: options.Columns.Count > 0);
            sums.Add(reader.Sum());
            assumptions.OfText(file, reader.Dialect);
        }
        var name = files.Length <= NamedFiles
            ? string.Join(", ", files.Select(file => file.Name))
            : string.Create(CultureInfo.InvariantCulture, $"{files[0].Name} and {files.Length - 1} other files");
        return Finish(name, SumOf(files, sums), schema, table, options, assumptions);
    }

    private static Dataset Finish(
        string name, string digest, TableSchema schema, TableRows table, TableOptions options, Assumptions assumptions)
    {
        if (table.Rows.Count == 0)
        {
            throw InputException.OfDataset(table.WithoutFeature + table.WithoutLabel == 0
                ? $"{name}: a header, but no rows"
                : $"{name}: a value is missing in each of the {table.WithoutFeature + table.WithoutLabel} rows");
        }
        var target = schema.Names[schema.Target];
        var (classes, labels) = options.Task == TableTask.Classification ? ClassesOf(table, name, target) : ([], []);
        var features = TableEncoder.Features(table, schema, name, options.Missing, out var places, out var missing);
        assumptions.OfClasses(classes);
        assumptions.OfRows(schema, table, features, missing, options);
        var columns = features.Sum(feature => feature.Categories?.Count ?? 1);
        if (columns > Limits.Features)
        {
            throw InputException.OfDataset(
                $"{name}: {columns} columns once each category has one, more than {Limits.Features}; exclude texts of many values");
        }
        TableRows.RequireMemory(name, table.Rows.Count, columns, options.Limits);
        var rows = TableEncoder.Encode(table.Rows, features, places);
        return new Dataset
        {
            FileName = name,
            Digest = digest,
            Target = target,
            Features = features,
            Classes = classes,
            Rows = new LabelledRows(rows, labels, [.. table.Targets], classes.Length),
            HasMissing = features.Zip(missing).Any(pair => pair is { First.Imputed: null, Second: > 0 }),
            Marks = table.Marks,
            Assumptions = assumptions.Sentences,
        };
    }

    private static (string[] Classes, int[] Labels) ClassesOf(TableRows table, string fileName, string target)
    {
        var counts = new int[table.Classes.Count];
        foreach (var label in table.Labels)
        {
            counts[label]++;
        }
        var classes = table.Classes.Order(counts, fileName, out var places);
        var number = Array.ConvertAll(classes, _ => 0);
        int[] labels = [.. table.Labels.Select(label => places[label])];
        foreach (var label in labels)
        {
            number[label]++;
        }
        var lonely = Array.IndexOf(number, 1);
        return classes.Length == 1 ? throw Wrong($"one class only ({Values.Show(classes[0])})")
            : lonely >= 0 ? throw Wrong($"class {Values.Show(classes[lonely])} has 1 row")
            : (classes, labels);

        InputException Wrong(string what) =>
            InputException.OfDataset($"{fileName}, column {Values.Show(target)}: {what}, at least 2 are needed");
    }

    /// <summary>By hand: <c>LC_ALL=C sha256sum *.csv | sha256sum</c>, where there are several.</summary>
    private static string SumOf(TextFile[] files, List<string> sums)
    {
        if (files.Length == 1)
        {
            return sums[0];
        }
        var lines = files.Zip(sums).Select(file => $"{file.Second["sha256:".Length..]}  {file.First.Name}\n");
        return Digest.Of(Encoding.UTF8.GetBytes(string.Concat(lines))).ToString();
    }

    private static FileStream Open(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    /// <summary>Another reading of a stream that stays open.</summary>
    private sealed class SharedStream : ForwardStream
    {
        private readonly Stream _stream;

        public SharedStream(Stream stream)
        {
            _stream = stream;
            stream.Position = 0;
        }

        public override int Read(Span<byte> buffer) => _stream.Read(buffer);
    }
}
