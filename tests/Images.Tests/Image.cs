using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;

namespace IrisOperator.Images.Tests;

/// <summary>An image in an OCI layout: its configuration, and its files as a container would see them.</summary>
public sealed class Image
{
    public string Layout { get; }

    public string Digest { get; }

    public JsonElement Index { get; }

    public JsonElement Config { get; }

    /// <summary>By path without a leading slash; later layers replace what earlier ones brought.</summary>
    public IReadOnlyDictionary<string, ImageFile> Files => _files;

    private readonly SortedDictionary<string, ImageFile> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, byte[]> _contents = new(StringComparer.Ordinal);

    public Image(string layout)
    {
        Layout = layout;
        Index = JsonDocument.Parse(File.ReadAllText(Path.Combine(layout, "index.json"))).RootElement;
        Digest = Index.GetProperty("manifests")[0].GetProperty("digest").GetString()!;
        var manifest = Json(Digest);
        Config = Json(manifest.GetProperty("config").GetProperty("digest").GetString()!);
        foreach (var layer in manifest.GetProperty("layers").EnumerateArray())
        {
            ReadLayer(layer.GetProperty("digest").GetString()!);
        }
    }

    public byte[] Blob(string digest)
    {
        var bytes = File.ReadAllBytes(Path.Combine(Layout, "blobs", "sha256", digest["sha256:".Length..]));
        Assert.Equal(digest, $"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}");
        return bytes;
    }

    public JsonElement Json(string digest) => JsonDocument.Parse(Blob(digest)).RootElement;

    public byte[] Content(string path) => _contents[path];

    private void ReadLayer(string digest)
    {
        using var stream = new GZipStream(new MemoryStream(Blob(digest)), CompressionMode.Decompress);
        using var reader = new TarReader(stream);
        while (reader.GetNextEntry(copyData: true) is { } entry)
        {
            var path = entry.Name.TrimEnd('/');
            path = path is "." or "" ? "" : path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path;
            if (path.Length == 0)
            {
                continue;
            }
            using var content = new MemoryStream();
            entry.DataStream?.CopyTo(content);
            var kind = entry.EntryType is TarEntryType.Directory or TarEntryType.SymbolicLink ? entry.EntryType.ToString() : "File";
            // The mode of a link means nothing, and every tool writes another.
            var mode = kind == "SymbolicLink" ? "-" : Convert.ToString((int)entry.Mode & 0xFFF, 8);
            var sum = kind switch
            {
                "SymbolicLink" => entry.LinkName,
                "Directory" => "",
                _ => Convert.ToHexStringLower(SHA256.HashData(content.ToArray())),
            };
            _files[path] = new ImageFile(path, kind, mode, string.Create(CultureInfo.InvariantCulture, $"{entry.Uid}:{entry.Gid}"), sum);
            _contents[path] = content.ToArray();
        }
    }
}
