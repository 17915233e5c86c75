namespace IrisOperator.Generator;

/// <summary>The generated files of a work tree. A folder that is wholly generated holds nothing else.</summary>
public sealed class GeneratedTree(string root, IReadOnlyList<GeneratedFile> files)
{
    /// <returns>One line for each file that had to change.</returns>
    public IReadOnlyList<string> Write()
    {
        var drift = FindDrift();
        foreach (var file in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(PathOf(file))!);
            File.WriteAllText(PathOf(file), file.Text);
        }

        foreach (var stale in StaleFiles())
        {
            File.Delete(Path.Combine(root, stale));
        }

        return drift;
    }

    public IReadOnlyList<string> FindDrift() =>
    [
        .. files.Where(file => !File.Exists(PathOf(file))).Select(file => $"{file.Path}: missing"),
        .. files.Where(file => File.Exists(PathOf(file)) && File.ReadAllText(PathOf(file)) != file.Text).Select(FirstDifference),
        .. StaleFiles().Select(path => $"{path}: no C# type makes it any more"),
    ];

    private string FirstDifference(GeneratedFile file)
    {
        var found = File.ReadAllText(PathOf(file)).Split('\n');
        var wanted = file.Text.Split('\n');
        var line = found.Zip(wanted).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"{file.Path}: line {line + 1} is '{found.ElementAtOrDefault(line)}', the C# types say '{wanted.ElementAtOrDefault(line)}'";
    }

    private IEnumerable<string> StaleFiles() =>
        from folder in Manifests.WhollyGeneratedFolders
        where Directory.Exists(Path.Combine(root, folder))
        from path in Directory.GetFiles(Path.Combine(root, folder))
        let relative = Path.GetRelativePath(root, path).Replace('\\', '/')
        where files.All(file => file.Path != relative)
        select relative;

    private string PathOf(GeneratedFile file) => Path.Combine(root, file.Path);
}
