namespace IrisOperator.Learning.Format;

/// <summary>manifest.json, checked: the three files, hex sums, possible lengths, plain names.</summary>
internal static class ManifestReader
{
    public static ManifestDocument Read(ReadOnlySpan<byte> json)
    {
        var manifest = ModelReader.Parse(json, FormatJsonContext.Default.ManifestDocument, ModelFile.Manifest);
        var problem =
            manifest.FormatVersion != ManifestDocument.CurrentVersion
                ? $"formatVersion: expected {ManifestDocument.CurrentVersion}, found {manifest.FormatVersion}"
            : manifest.Files.Count != ModelFile.Named.Length || !ModelFile.Named.All(manifest.Files.ContainsKey)
                ? $"files: expected {string.Join(", ", ModelFile.Named)}"
            : manifest.Files.Select(file => ProblemOf(file.Key, file.Value)).FirstOrDefault(one => one is not null)
                ?? (manifest.ModelDigest == $"sha256:{manifest.Files[ModelFile.Model].Sha256}"
                    ? null : $"modelDigest is not the sum of {ModelFile.Model}");
        return problem is null ? manifest : throw new ModelFormatException($"{ModelFile.Manifest}: {problem}");
    }

    /// <summary>Where a file of the manifest lies: beside the manifest, never elsewhere.</summary>
    public static string PathOf(string name, ManifestFile file) => file.Path ?? name;

    public static string ContentName(string name, string sha256) =>
        $"{Path.GetFileNameWithoutExtension(name)}-{sha256[..12]}{Path.GetExtension(name)}";

    // The only other name that the writer gives is model-<12 hex digits of the sum>.json. Anything else is not ours, ".." least of all.
    private static string? ProblemOf(string name, ManifestFile? file) =>
        file is null || !Digest.IsHex(file.Sha256) ? $"files.{name}: sha256 is not 64 lower-case hex digits"
        : file.Length is < 1 or > Limits.FileBytes ? $"files.{name}: length {file.Length} is not from 1 to {Limits.FileBytes}"
        : file.Path is null || file.Path == ContentName(name, file.Sha256) ? null
        : $"files.{name}: path is not {ContentName(name, file.Sha256)}";
}

/// <summary>manifest.json: written last, and the only file that a reader trusts unseen.</summary>
internal sealed record ManifestDocument(int FormatVersion, string ModelDigest, Dictionary<string, ManifestFile> Files)
{
    public const int CurrentVersion = 1;
}

/// <summary>Sum and length of one file; the path is its name on disk when that is not the key: a newer model beside an older one.</summary>
internal sealed record ManifestFile(string Sha256, long Length, string? Path = null);

/// <summary>The names of the files of a model folder.</summary>
internal static class ModelFile
{
    public const string Model = "model.json";
    public const string Text = "model.txt";
    public const string Report = "report.json";
    public const string Manifest = "manifest.json";

    public static readonly string[] Named = [Model, Text, Report];
}
