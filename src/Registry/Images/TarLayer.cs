using System.Security.Cryptography;
using System.Text;

namespace IrisOperator.Registry.Images;

/// <summary>
/// Files as a layer that is the same bit for bit wherever and whenever it is made: an uncompressed tar, sorted by path, of time 0, owner 0
/// and modes 0444 and 0555. Uncompressed, because gzip's output differs between versions of zlib and between processors; model files are
/// small, and registries and nodes take it as it is.
/// </summary>
/// <remarks>Only files: an entry for a folder would change the mode of that folder in the base. What is missing is made by whoever
/// unpacks.</remarks>
public sealed class TarLayer
{
    private const int MaxPathBytes = 4096;
    private static readonly byte[] _end = new byte[2 * TarHeader.BlockBytes];
    private readonly IReadOnlyList<LayerFile> _files;

    private TarLayer(IReadOnlyList<LayerFile> files, Descriptor descriptor) => (_files, Descriptor) = (files, descriptor);

    /// <summary>The digest is the layer's diff id too, because nothing is compressed.</summary>
    public Descriptor Descriptor { get; }

    /// <exception cref="ArgumentException">A path is no relative path of plain names, occurs twice, or is a folder of another.</exception>
    /// <exception cref="InvalidDataException">A file is not as long as it was said to be.</exception>
    public static async Task<TarLayer> CreateAsync(IEnumerable<LayerFile> files, CancellationToken cancellationToken = default)
    {
        var sorted = files.OrderBy(file => Encoding.UTF8.GetBytes(file.Path), ByteOrder.Instance).ToArray();
        Check(sorted);
        await using var content = Content(sorted);
        var digest = Digest.FromHash(await SHA256.HashDataAsync(content, cancellationToken));
        return new TarLayer(sorted, new Descriptor(MediaTypes.TarLayer, digest, content.Length));
    }

    /// <summary>The tar. Files are opened as the reading comes to them.</summary>
    public Stream Open() => Content(_files);

    private static SegmentStream Content(IReadOnlyList<LayerFile> files)
    {
        var segments = new List<Segment>();
        foreach (var file in files)
        {
            segments.Add(Segment.Of(TarHeader.For(file)));
            segments.Add(new Segment(file.Length, file.Open, file.Path));
            segments.Add(Segment.Of(new byte[TarHeader.Padding(file.Length)]));
        }

        segments.Add(Segment.Of(_end));
        return new SegmentStream(segments);
    }

    private static void Check(IReadOnlyList<LayerFile> sorted)
    {
        var folders = new HashSet<string>();
        var paths = new HashSet<string>();
        foreach (var file in sorted)
        {
            var names = file.Path.Split('/');
            if (file.Length < 0 || Encoding.UTF8.GetByteCount(file.Path) > MaxPathBytes || names.Any(name => !IsName(name)))
            {
                throw new ArgumentException(
                    $"{Quote(file.Path)} cannot be a path in a layer: expected names joined by /, "
                    + "none of them empty, . or .., nor beginning with .wh.");
            }

            if (!paths.Add(file.Path))
            {
                throw new ArgumentException($"{Quote(file.Path)} is in the layer twice");
            }

            for (var slash = file.Path.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = file.Path.IndexOf('/', slash + 1))
            {
                folders.Add(file.Path[..slash]);
            }
        }

        if (paths.FirstOrDefault(folders.Contains) is { } both)
        {
            throw new ArgumentException($"{Quote(both)} is both a file and a folder");
        }
    }

    // A name that begins with .wh. would delete something of the base (image-spec, layer.md, "Whiteouts").
    private static bool IsName(string name) =>
        name is not ("" or "." or "..") && !name.StartsWith(".wh.", StringComparison.Ordinal)
        && !name.Any(c => char.IsControl(c) || c == '\\' || c == '\uFFFD');

    private sealed class ByteOrder : IComparer<byte[]>
    {
        public static readonly ByteOrder Instance = new();

        public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
    }
}
