using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace IrisOperator.Contracts;

/// <summary>
/// The SHA-256 of a blob, a manifest or a model, the only kind of digest there is here. Text becomes a digest at the boundary or not at
/// all, so that <c>sha256:../../etc/passwd</c> can never become a path.
/// </summary>
public sealed record Digest
{
    private const string Prefix = "sha256:";
    private static readonly SearchValues<char> _hexDigits = SearchValues.Create("0123456789abcdef");

    private Digest(string hex) => Hex = hex;

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public string Hex { get; }

    public static Digest Of(ReadOnlySpan<byte> content) => FromHash(SHA256.HashData(content));

    /// <param name="sha256">32 bytes.</param>
    public static Digest FromHash(ReadOnlySpan<byte> sha256) => new(Convert.ToHexStringLower(sha256));

    /// <summary>True for 64 lower-case hexadecimal digits, the spelling without "sha256:".</summary>
    public static bool IsHex([NotNullWhen(true)] string? text) => text is { Length: 64 } && !text.AsSpan().ContainsAnyExcept(_hexDigits);

    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out Digest? digest)
    {
        digest = text is not null && text.StartsWith(Prefix, StringComparison.Ordinal) && IsHex(text[Prefix.Length..])
            ? new Digest(text[Prefix.Length..])
            : null;
        return digest is not null;
    }

    /// <exception cref="FormatException">The text is no digest.</exception>
    public static Digest Parse(string? text) => TryParse(text, out var digest)
        ? digest
        : throw new FormatException($"\"{text}\" is no digest: expected sha256: and 64 lower-case hexadecimal digits");

    public override string ToString() => Prefix + Hex;
}
