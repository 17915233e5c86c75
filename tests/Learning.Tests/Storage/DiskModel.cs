using IrisOperator.Training.Storage;

namespace IrisOperator.Learning.Tests.Storage;

/// <summary>
/// A real folder that can be stopped at any file operation, and that knows what a power cut would leave: bytes that
/// were not flushed are gone, and names that were not flushed may be gone or not.
/// </summary>
internal sealed class DiskModel : IModelFiles
{
    private readonly ModelFiles _disk = new();
    private readonly string _folder;
    private readonly Dictionary<string, Content> _names = new(StringComparer.Ordinal);
    private Dictionary<string, Content> _safeNames = new(StringComparer.Ordinal);

    public DiskModel(string folder)
    {
        _folder = folder;
        foreach (var file in Directory.Exists(folder) ? Directory.GetFiles(folder) : [])
        {
            _names.Add(Path.GetFileName(file), new Content { Safe = File.ReadAllBytes(file) });
        }
        _safeNames = new Dictionary<string, Content>(_names, StringComparer.Ordinal);
    }

    /// <summary>Called before each operation with its description; throws to stop there.</summary>
    public Action<string> Before { get; init; } = _ => { };

    public List<string> Operations { get; } = [];

    public void CreateFolder(string path)
    {
        Step("create folder");
        _disk.CreateFolder(path);
    }

    public IReadOnlyList<string> List(string folder) => _disk.List(folder);

    public void Write(string path, ReadOnlySpan<byte> content)
    {
        var name = Path.GetFileName(path);
        Step($"create {name}");
        _disk.Write(path, []);
        _names[name] = new Content();
        Step($"write the first half of {name}");
        File.WriteAllBytes(path, content[..(content.Length / 2)]);
        Step($"write the rest of {name}");
        File.WriteAllBytes(path, content);
    }

    public void Copy(string from, string to) => Write(to, File.ReadAllBytes(from));

    public void FlushFile(string path)
    {
        Step($"flush {Path.GetFileName(path)}");
        _disk.FlushFile(path);
        _names[Path.GetFileName(path)].Safe = File.ReadAllBytes(path);
    }

    public void Rename(string from, string to)
    {
        Step($"rename to {Path.GetFileName(to)}");
        _disk.Rename(from, to);
        _names.Remove(Path.GetFileName(from), out var content);
        _names[Path.GetFileName(to)] = content!;
    }

    public void FlushFolder(string path)
    {
        Step("flush folder");
        _disk.FlushFolder(path);
        if (path == _folder)
        {
            _safeNames = new Dictionary<string, Content>(_names, StringComparer.Ordinal);
        }
    }

    public void Delete(string path)
    {
        Step($"delete {Path.GetFileName(path)}");
        _disk.Delete(path);
        _names.Remove(Path.GetFileName(path));
    }

    /// <summary>Nothing of what was not flushed has reached the disk.</summary>
    public void CopyAfterPowerCut(string folder) => Copy(_safeNames, folder);

    /// <summary>The disk wrote the names first: they are new, but bytes that were not flushed are missing.</summary>
    public void CopyAfterPowerCutWithNewNames(string folder) => Copy(_names, folder);

    /// <summary>The disk wrote the name of the manifest first, before all others.</summary>
    public void CopyAfterPowerCutWithNewManifest(string folder)
    {
        var names = new Dictionary<string, Content>(_safeNames, StringComparer.Ordinal);
        if (_names.TryGetValue("manifest.json", out var manifest))
        {
            names["manifest.json"] = manifest;
        }
        Copy(names, folder);
    }

    private static void Copy(Dictionary<string, Content> names, string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var (name, content) in names)
        {
            File.WriteAllBytes(Path.Combine(folder, name), content.Safe);
        }
    }

    private void Step(string operation)
    {
        Before(operation);
        Operations.Add(operation);
    }

    private sealed class Content
    {
        public byte[] Safe { get; set; } = [];
    }
}
