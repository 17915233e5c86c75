using System.Text;

namespace IrisOperator.Registry.Images;

/// <summary>One regular file of a layer.</summary>
/// <param name="Path">Relative, of at most 100 ASCII characters, with <c>/</c>: <c>models/iris/model.json</c>.</param>
public sealed record LayerFile(string Path, ReadOnlyMemory<byte> Content);

/// <summary>
/// Files as a layer that is the same bit for bit wherever and whenever it is made: a tar (ustar), sorted by path, of time 0, owner 0 and
/// mode 0444. It has no folders: an entry for one would change the mode of that folder in the base.
/// </summary>
/// <remarks>
/// Not compressed, because gzip's output differs between versions of zlib. Written by hand, because these bytes must never change, and
/// those of System.Formats.Tar may with any version of .NET.
/// </remarks>
public sealed class TarLayer
{
    private const int BlockBytes = 512;
    private const int MaxPathLength = 100;
    private readonly byte[] _tar;

    private TarLayer(byte[] tar) => (_tar, Descriptor) = (tar, new Descriptor(MediaTypes.TarLayer, Digest.Of(tar), tar.Length));

    /// <summary>The digest is the layer's diff id too, because nothing is compressed.</summary>
    public Descriptor Descriptor { get; }

    /// <exception cref="ArgumentException">A path is absolute, not of plain names, too long, there twice, or a folder as well.</exception>
    public static TarLayer Create(IEnumerable<LayerFile> files)
    {
        var sorted = files.OrderBy(file => file.Path, StringComparer.Ordinal).ToArray();
        Check([.. sorted.Select(file => file.Path)]);
        using var tar = new MemoryStream();
        foreach (var file in sorted)
        {
            tar.Write(Header(file));
            tar.Write(file.Content.Span);
            tar.SetLength(tar.Position = (tar.Position + BlockBytes - 1) / BlockBytes * BlockBytes);
        }

        tar.Write(new byte[2 * BlockBytes]);
        return new TarLayer(tar.ToArray());
    }

    public Stream Open() => new MemoryStream(_tar, writable: false);

    private static void Check(string[] paths)
    {
        foreach (var (index, path) in paths.Index())
        {
            if (path.Length > MaxPathLength || path.Split('/').Any(name => !IsName(name)))
            {
                throw new ArgumentException(
                    $"{Quote(path)} cannot be a path in a layer: expected at most {MaxPathLength} characters of ASCII, names joined by /, "
                    + "none of them empty, . or .., nor beginning with .wh.");
            }

            if (index > 0 && paths[index - 1] == path)
            {
                throw new ArgumentException($"{Quote(path)} is in the layer twice");
            }

            if (paths.Any(other => other.StartsWith($"{path}/", StringComparison.Ordinal)))
            {
                throw new ArgumentException($"{Quote(path)} is both a file and a folder");
            }
        }
    }

    // A name that begins with .wh. would delete something of the base (image-spec, layer.md, "Whiteouts").
    private static bool IsName(string name) => name is not ("" or "." or "..") && !name.StartsWith(".wh.", StringComparison.Ordinal)
        && name.All(c => char.IsAscii(c) && !char.IsControl(c) && c != '\\');

    private static byte[] Header(LayerFile file)
    {
        var block = new byte[BlockBytes];
        Encoding.ASCII.GetBytes(file.Path, block);
        Octal(block.AsSpan(100, 8), 0b100_100_100);
        Octal(block.AsSpan(108, 8), 0);      // uid
        Octal(block.AsSpan(116, 8), 0);      // gid
        Octal(block.AsSpan(124, 12), file.Content.Length);
        Octal(block.AsSpan(136, 12), 0);     // mtime
        block[156] = (byte)'0';
        "ustar\0"u8.CopyTo(block.AsSpan(257));
        "00"u8.CopyTo(block.AsSpan(263));
        Octal(block.AsSpan(329, 8), 0);      // device
        Octal(block.AsSpan(337, 8), 0);

        // The sum of all bytes, with the sum's own field taken as spaces; six digits, a zero, a space.
        block.AsSpan(148, 8).Fill((byte)' ');
        Octal(block.AsSpan(148, 7), block.Sum(one => one));
        return block;
    }

    private static void Octal(Span<byte> field, long value)
    {
        for (var i = field.Length - 2; i >= 0; i--, value >>= 3)
        {
            field[i] = (byte)('0' + (value & 7));
        }

        field[^1] = 0;
    }
}
