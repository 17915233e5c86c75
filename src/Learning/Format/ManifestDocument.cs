namespace IrisOperator.Learning.Format;

/// <summary>manifest.json: written last, and the only file that a reader trusts unseen.</summary>
internal sealed record ManifestDocument(int FormatVersion, string ModelDigest, Dictionary<string, ManifestFile> Files)
{
    public const int CurrentVersion = 1;
}

/// <summary>Sum and length of one file; the path is its name on disk when that is not the key: a newer model beside an older one.</summary>
internal sealed record ManifestFile(string Sha256, long Length, string? Path = null);
