using System.Security.Cryptography;

namespace IrisOperator.Learning;

/// <summary>SHA-256 in the two spellings of the model format: 64 lower-case hex digits, and the same after "sha256:".</summary>
public static class Digest
{
    public const string Prefix = "sha256:";

    public static string HexOf(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    public static string Of(ReadOnlySpan<byte> bytes) => Prefix + HexOf(bytes);

    internal static bool IsHex(string text)
    {
        return text.Length == 64 && text.All(c => c is (>= '0' and <= '9') or (>= 'a' and <= 'f'));
    }
}
