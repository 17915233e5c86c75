using System.Text.RegularExpressions;

namespace IrisOperator.Training.Storage;

/// <summary>A folder with a model folder for each run of a training.</summary>
/// <remarks>
/// Guarantees: touches only folders with files of <see cref="ModelFolderWriter"/> and nothing else; follows no symbolic link; a folder
/// that is half deleted has another name, by which the next call finds it.
/// Caveat: a folder that a run is writing looks like one that a killed run left; the caller names those that go on.
/// </remarks>
public sealed partial class RunFolders(string folder)
{
    private const string RemovedPrefix = ".removed-";

    /// <summary>Of the runs, in ordinal order.</summary>
    public IEnumerable<string> Names => Folders().Where(one => !one.Name.StartsWith('.') && Files(one) is { Count: > 0 })
        .Select(one => one.Name).Order(StringComparer.Ordinal);

    /// <exception cref="IOException">Some of its files may be left, under another name than the run's.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public void Remove(string name)
    {
        Directory.Move(Path.Combine(folder, name), Path.Combine(folder, RemovedPrefix + name));
        DeleteRemoved();
    }

    /// <summary>Ends what <see cref="Remove"/> began and was killed in.</summary>
    public void DeleteRemoved()
    {
        foreach (var removed in Folders().Where(one => one.Name.StartsWith(RemovedPrefix, StringComparison.Ordinal)))
        {
            if (Files(removed) is { } files)
            {
                files.ForEach(file => file.Delete());
                removed.Delete();
            }
        }
    }

    private List<DirectoryInfo> Folders() => [.. new DirectoryInfo(folder).EnumerateDirectories().Where(one => !IsLink(one))];

    /// <returns>Null where there is something else than the files of a model.</returns>
    private static List<FileInfo>? Files(DirectoryInfo run)
    {
        List<FileSystemInfo> all = [.. run.EnumerateFileSystemInfos()];
        return all.TrueForAll(one => one is FileInfo && !IsLink(one) && ModelFileName().IsMatch(one.Name))
            ? all.ConvertAll(one => (FileInfo)one)
            : null;
    }

    private static bool IsLink(FileSystemInfo info) => info.Attributes.HasFlag(FileAttributes.ReparsePoint);

    // Plain, with the sum of the content, or temporary.
    [GeneratedRegex(@"^(model(-[0-9a-f]{12})?\.(json|txt)|(report|manifest)(-[0-9a-f]{12})?\.json|"
        + @"\.(model|report|manifest)(-[0-9a-f]{12})?\.(json|txt)\.[0-9a-f]{12}\.tmp)\z")]
    private static partial Regex ModelFileName();
}
