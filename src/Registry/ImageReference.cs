using System.Diagnostics.CodeAnalysis;

namespace IrisOperator.Registry;

/// <summary>
/// One image: <c>host[:port]/path</c> with <c>:tag</c>, <c>@sha256:…</c> or both. With both, the digest counts and the tag is for people.
/// </summary>
public sealed record ImageReference
{
    internal ImageReference(RepositoryName repository, Tag? tag, Digest? digest) => (Repository, Tag, Digest) = (repository, tag, digest);

    public RepositoryName Repository { get; }

    public Tag? Tag { get; }

    public Digest? Digest { get; }

    /// <summary>What stands in a manifest's URL.</summary>
    internal string Selector => Digest?.ToString() ?? Tag!.Text;

    public static bool TryParse(
        [NotNullWhen(true)] string? text, [NotNullWhen(true)] out ImageReference? image, [NotNullWhen(false)] out string? error)
    {
        image = null;
        var name = text ?? "";
        Digest? digest = null;
        if (name.IndexOf('@', StringComparison.Ordinal) is >= 0 and var at)
        {
            if (!Digest.TryParse(name[(at + 1)..], out digest))
            {
                error = $"{Quote(text)}: after @, expected sha256: and 64 lower-case hexadecimal digits";
                return false;
            }

            name = name[..at];
        }

        Tag? tag = null;
        var colon = name.LastIndexOf(':');
        if (colon > name.LastIndexOf('/'))
        {
            if (!Tag.TryParse(name[(colon + 1)..], out tag))
            {
                error = $"{Quote(text)}: after the last ':', expected a tag such as 1.2.3";
                return false;
            }

            name = name[..colon];
        }

        if (!RepositoryName.TryParse(name, out var repository, out error))
        {
            return false;
        }

        if (tag is null && digest is null)
        {
            error = $"{Quote(text)} names no version: expected :tag or @sha256:… after the repository";
            return false;
        }

        image = new ImageReference(repository, tag, digest);
        return true;
    }

    /// <exception cref="FormatException">The text names no image.</exception>
    public static ImageReference Parse(string? text) =>
        TryParse(text, out var image, out var error) ? image : throw new FormatException(error);

    public override string ToString() => $"{Repository}{(Tag is null ? "" : $":{Tag}")}{(Digest is null ? "" : $"@{Digest}")}";
}
