using System.Diagnostics.CodeAnalysis;

namespace IrisOperator.Registry.Images;

/// <summary>
/// The tag by which a publisher says that it wants a version: <c>claim-1.0.7-(32 hexadecimal digits of the image's digest)</c>. No two
/// images share one, so a claim is never overwritten; and it is no version, so no range takes it.
/// </summary>
internal sealed record ClaimTag(string Version, string Owner)
{
    private const string Prefix = "claim-";
    private const int OwnerLength = 32;

    public Tag Tag => Tag.Parse($"{Prefix}{Version}-{Owner}");

    public static ClaimTag For(Tag version, Digest image) => new(version.Text, image.Hex[..OwnerLength]);

    public bool IsFor(Digest image) => image.Hex.StartsWith(Owner, StringComparison.Ordinal);

    public static bool TryParse(Tag tag, [NotNullWhen(true)] out ClaimTag? claim)
    {
        var text = tag.Text;
        var dash = text.Length - OwnerLength - 1;
        claim = text.StartsWith(Prefix, StringComparison.Ordinal) && dash > Prefix.Length && text[dash] == '-'
            ? new ClaimTag(text[Prefix.Length..dash], text[(dash + 1)..])
            : null;
        return claim is not null;
    }
}
