namespace IrisOperator.K3s;

/// <summary>What a cluster leaves for its users: a kubeconfig, and the name of its registry once everything is ready.</summary>
internal sealed class StateFolder(string path)
{
    public string Path { get; } = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));

    public string Kubeconfig => System.IO.Path.Combine(Path, "admin.kubeconfig");

    private string RegistryFile => System.IO.Path.Combine(Path, "registry");

    /// <summary>host:port, or null where no cluster became ready.</summary>
    public string? Registry => File.Exists(RegistryFile) && File.Exists(Kubeconfig) ? File.ReadAllText(RegistryFile).Trim() : null;

    /// <summary>There from the first container on, so that remains are looked for even after a kill.</summary>
    public void Create() => Directory.CreateDirectory(Path);

    public async Task WriteAsync(string kubeconfig, string registry, CancellationToken cancellationToken)
    {
        await WriteFileAsync(Kubeconfig, kubeconfig, cancellationToken);
        await WriteFileAsync(RegistryFile, registry + "\n", cancellationToken);
    }

    /// <summary>The files alone, and the folder if nothing else is in it.</summary>
    public void Clear()
    {
        if (!Directory.Exists(Path))
        {
            return;
        }

        foreach (var file in new[] { RegistryFile, Partial(RegistryFile), Kubeconfig, Partial(Kubeconfig) })
        {
            File.Delete(file);
        }

        if (!Directory.EnumerateFileSystemEntries(Path).Any())
        {
            Directory.Delete(Path);
        }
    }

    private static string Partial(string file) => file + ".partial";

    /// <summary>Whole or not at all, and never readable by others: the kubeconfig holds the administrator's key.</summary>
    private static async Task WriteFileAsync(string file, string text, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using (var writer = new StreamWriter(Partial(file), options))
        {
            await writer.WriteAsync(text.AsMemory(), cancellationToken);
        }

        File.Move(Partial(file), file, overwrite: true);
    }
}
