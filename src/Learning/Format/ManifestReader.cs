using System.Text.Json;

namespace IrisOperator.Learning.Format;

/// <summary>manifest.json, checked: the three files, hex sums, possible lengths, plain names.</summary>
internal static class ManifestReader
{
    public static ManifestDocument Read(ReadOnlySpan<byte> json)
    {
        ManifestDocument? manifest;
        try
        {
            manifest = JsonSerializer.Deserialize(json, FormatJsonContext.Default.ManifestDocument);
        }
        catch (JsonException e)
        {
            throw new ModelFormatException($"{ModelFile.Manifest}: {ModelReader.OneLine(e.Message)}", e);
        }
        if (manifest is null)
        {
            throw Wrong("is null");
        }
        if (manifest.FormatVersion != ManifestDocument.CurrentVersion)
        {
            throw Wrong(Check.Invariant($"formatVersion: expected {ManifestDocument.CurrentVersion}, found {manifest.FormatVersion}"));
        }
        if (manifest.Files.Count != ModelFile.Named.Length || !ModelFile.Named.All(manifest.Files.ContainsKey))
        {
            throw Wrong($"files: expected {string.Join(", ", ModelFile.Named)}");
        }
        foreach (var (name, file) in manifest.Files)
        {
            Entry(name, file);
        }
        if (manifest.ModelDigest != $"sha256:{manifest.Files[ModelFile.Model].Sha256}")
        {
            throw Wrong($"modelDigest is not the sum of {ModelFile.Model}");
        }
        return manifest;
    }

    /// <summary>Where a file of the manifest lies: beside the manifest, never elsewhere.</summary>
    public static string PathOf(string name, ManifestFile file) => file.Path ?? name;

    private static void Entry(string name, ManifestFile? file)
    {
        if (file is null || !Digest.IsHex(file.Sha256))
        {
            throw Wrong($"files.{name}: sha256 is not 64 lower-case hex digits");
        }
        if (file.Length is < 1 or > Limits.FileBytes)
        {
            throw Wrong(Check.Invariant($"files.{name}: length {file.Length} is not from 1 to {Limits.FileBytes}"));
        }
        // The only other name that the writer gives: model-<12 hex digits of the sum>.json. Anything else is not ours, ".." least of all.
        if (file.Path is not null && file.Path != ContentName(name, file.Sha256))
        {
            throw Wrong($"files.{name}: path is not {ContentName(name, file.Sha256)}");
        }
    }

    public static string ContentName(string name, string sha256)
    {
        return $"{Path.GetFileNameWithoutExtension(name)}-{sha256[..12]}{Path.GetExtension(name)}";
    }

    private static ModelFormatException Wrong(string what) => new($"{ModelFile.Manifest}: {what}");
}
