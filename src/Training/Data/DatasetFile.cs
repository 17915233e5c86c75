using System.IO.Enumeration;

namespace IrisOperator.Training.Data;

/// <summary>Which files are meant by an input folder or file and an optional name in it.</summary>
public static class DatasetFile
{
    private const int ListedFiles = 20;
    private static readonly string[] _endings = [".csv", ".csv.gz", ".tsv", ".tsv.gz"];

    /// <param name="input">A folder, a table, or a pattern of tables in a folder.</param>
    /// <param name="name">
    /// A file in the folder (also below it), a pattern with <c>*</c> or <c>?</c> in its last part, or a folder, of which all tables are
    /// meant; null means the only *.csv (or *.csv.gz, *.tsv, *.tsv.gz) there.
    /// </param>
    /// <returns>Paths in the ordinal order of their names; several are to be read as one table.</returns>
    /// <exception cref="InputException">No such file, or none or several to choose from; lists what is there.</exception>
    public static IReadOnlyList<string> Find(string input, string? name)
    {
        if (name is not null)
        {
            return Named(input, name);
        }
        if (File.Exists(input))
        {
            return [input];
        }
        if (!Directory.Exists(input))
        {
            return Matching(Path.GetFullPath(input)) is { Length: > 0 } several ? several : throw Wrong($"{input}: no such file or folder");
        }
        var found = FilesIn(input).Where(IsTable).ToArray();
        return found switch
        {
            [var only] => [Path.Combine(input, only)],
            [] => throw Wrong($"{input}: no *.csv file; {List(input)}"),
            _ => throw Wrong($"{input}: several *.csv files ({string.Join(", ", found.Take(ListedFiles))}); say which by --file"),
        };
    }

    private static string[] Named(string input, string name)
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
        if (File.Exists(path))
        {
            return [path];
        }
        var found = Directory.Exists(path)
            ? FilesIn(path).Where(IsTable).Select(file => Path.Combine(path, file)).ToArray()
            : Matching(path);
        return found.Length > 0 ? found : throw Wrong($"{name}: no such file in {input}; {List(input)}");
    }

    /// <summary>The files that a path means whose last part is a pattern; none if it is not.</summary>
    private static string[] Matching(string path)
    {
        var (folder, pattern) = (Path.GetDirectoryName(path), Path.GetFileName(path));
        return !pattern.AsSpan().ContainsAny('*', '?') || !Directory.Exists(folder) ? []
            : [.. FilesIn(folder)
                .Where(file => FileSystemName.MatchesSimpleExpression(pattern, file, ignoreCase: false))
                .Select(file => Path.Combine(folder, file))];
    }

    private static bool IsTable(string file) => _endings.Any(ending => file.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

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
