using System.Text.Json;
using IrisOperator.Learning.Format;
using Org.BouncyCastle.Crypto.Digests;

namespace IrisOperator.Learning;

/// <summary>
/// A folder with a model as the trainer leaves it: manifest.json and the three files that it names by sum and length.
/// </summary>
public static class ModelFolder
{
    /// <summary>A trainer may replace the model while it is being read; then the manifest is another one, and worth another look.</summary>
    private const int Attempts = 3;

    /// <summary>Whether a folder claims to hold a model.</summary>
    public static bool Exists(string folder) => File.Exists(Path.Combine(folder, ModelFile.Manifest));

    /// <summary>Reads and checks everything; what comes back is complete and the very model of the digest.</summary>
    /// <exception cref="ModelFormatException">
    /// No model, a file that is missing, unreadable, truncated or altered, or content that does not pass. The message
    /// names the file. An older model that a newer one replaces during the read is not an error.
    /// </exception>
    public static (Model Model, string ModelDigest) Read(string folder)
    {
        var (manifest, files) = ReadVerified(folder);
        return (ModelReader.Read(files[ModelFile.Model]), manifest.ModelDigest);
    }

    /// <summary>Reads and verifies a folder, with the content of the files as written into an empty folder.</summary>
    /// <exception cref="ModelFormatException">As <see cref="Read"/>, or the report cannot be understood.</exception>
    public static ModelContent ReadContent(string folder)
    {
        var (manifest, files) = ReadVerified(folder);
        var entries = ModelFile.Named.ToDictionary(name => name, name => manifest.Files[name] with { Path = null });
        var plain = JsonSerializer.SerializeToUtf8Bytes(manifest with { Files = entries }, FormatJsonContext.Default.ManifestDocument);
        return new ModelContent(
            ModelReader.Read(files[ModelFile.Model]),
            manifest.ModelDigest,
            ModelReport.Read(files[ModelFile.Report]),
            [.. ModelFile.Named.Select(name => new ModelContentFile(name, files[name])), new ModelContentFile(ModelFile.Manifest, plain)]);
    }

    private static (ManifestDocument Manifest, Dictionary<string, byte[]> Files) ReadVerified(string folder)
    {
        var manifestBytes = ReadManifestBytes(folder);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var manifest = ManifestReader.Read(manifestBytes);
                return (manifest, ModelFile.Named.ToDictionary(name => name, name => ReadFile(folder, name, manifest.Files[name])));
            }
            catch (ModelFormatException) when (attempt < Attempts)
            {
                var again = ReadManifestBytes(folder);
                if (again.AsSpan().SequenceEqual(manifestBytes))
                {
                    throw;
                }
                manifestBytes = again;
            }
        }
    }

    private static byte[] ReadFile(string folder, string name, ManifestFile file)
    {
        var path = ManifestReader.PathOf(name, file);
        var bytes = ReadBytes(Path.Combine(folder, path), path, Limits.FileBytes, file.Length);
        return Sum(bytes).Hex == file.Sha256
            ? bytes
            : throw new ModelFormatException($"{path}: the content does not have the sum that {ModelFile.Manifest} gives");
    }

    /// <summary>Managed code, because .NET's own loads OpenSSL, 4 MB of a server that has under 20 (docs/benchmarks.md).</summary>
    private static Digest Sum(ReadOnlySpan<byte> bytes)
    {
        var sha256 = new Sha256Digest();
        sha256.BlockUpdate(bytes);
        Span<byte> hash = stackalloc byte[sha256.GetDigestSize()];
        sha256.DoFinal(hash);
        return Digest.FromHash(hash);
    }

    internal static byte[] ReadManifestBytes(string folder) =>
        ReadBytes(Path.Combine(folder, ModelFile.Manifest), ModelFile.Manifest, Limits.ManifestBytes, null);

    /// <summary>Checks the length on disk before it reads, and again that the file ends where it should.</summary>
    private static byte[] ReadBytes(string fullPath, string name, int limit, long? expectedLength)
    {
        try
        {
            var length = new FileInfo(fullPath).Length;
            if (expectedLength is { } expected && length != expected)
            {
                throw new ModelFormatException($"{name}: expected {expected} bytes, found {length}");
            }
            if (length == 0 || length > limit)
            {
                throw new ModelFormatException($"{name}: {length} bytes, expected 1 to {limit}");
            }
            const FileShare Shared = FileShare.ReadWrite | FileShare.Delete;
            using var stream = new FileStream(fullPath, FileMode.Open, FileAccess.Read, Shared, bufferSize: 0);
            var bytes = new byte[length];
            stream.ReadExactly(bytes);
            if (stream.ReadByte() != -1)
            {
                throw new ModelFormatException($"{name}: longer than {length} bytes");
            }
            return bytes;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ModelFormatException($"{name}: no such file in {Path.GetDirectoryName(fullPath)}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelFormatException($"{name}: cannot be read: {ModelReader.OneLine(e.Message)}", e);
        }
    }
}

/// <summary>
/// A model folder in memory, checked. The files have plain names and the manifest says so, whatever the folder held before: the same
/// model and report give the same bytes.
/// </summary>
public sealed record ModelContent(Model Model, string ModelDigest, ModelReport Report, IReadOnlyList<ModelContentFile> Files);

/// <summary>One file of a model folder.</summary>
public sealed record ModelContentFile(string Name, ReadOnlyMemory<byte> Content);

/// <summary>
/// A model folder that must not be served: a missing, truncated, altered or malformed file. The message starts with
/// the name of the file and fits on one line.
/// </summary>
public sealed class ModelFormatException(string message, Exception? cause = null) : Exception(message, cause);
