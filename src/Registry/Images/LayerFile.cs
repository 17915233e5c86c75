namespace IrisOperator.Registry.Images;

/// <summary>One regular file of a layer.</summary>
/// <param name="Path">Relative, with <c>/</c>: <c>models/iris/model.json</c>.</param>
/// <param name="Length">In bytes.</param>
/// <param name="Open">The content from its beginning; called once to compute the digest, and once for each upload.</param>
public sealed record LayerFile(string Path, long Length, Func<Stream> Open)
{
    /// <summary>Mode 0555 instead of 0444.</summary>
    public bool IsExecutable { get; init; }

    public static LayerFile Of(string path, ReadOnlyMemory<byte> content) =>
        new(path, content.Length, () => new MemoryStream(content.ToArray(), writable: false));

    /// <summary>The file must not change until the layer is uploaded; an upload of one that did fails.</summary>
    public static LayerFile OnDisk(string path, string file) => new(path, new FileInfo(file).Length, () => File.OpenRead(file));
}
