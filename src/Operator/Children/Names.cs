using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace IrisOperator.Operator.Children;

/// <summary>Names of children are functions of their owner, so that a repeated create cannot make a second one.</summary>
public static partial class Names
{
    /// <summary>Leaves room in 63 characters for a hyphen, a hash of ten and what job and replica set controllers append.</summary>
    public const int MaxOwnerName = 50;

    private const int MaxLabelValue = 63;

    public static bool IsValidOwner(string name) => name.Length <= MaxOwnerName && DnsLabel().IsMatch(name);

    /// <summary>A name as a label value: itself, or cut and told apart by a hash.</summary>
    public static string LabelValue(string name) =>
        name.Length <= MaxLabelValue ? name : $"{name[..52]}-{Hash(10, name)}";

    /// <summary>
    /// Hex digits of a SHA-256 over the parts, each with its length before it, so that no two lists of parts read the same.
    /// </summary>
    public static string Hash(int digits, params IEnumerable<string?> parts)
    {
        var text = new StringBuilder();
        foreach (var part in parts)
        {
            text.Append(part is null ? "-" : $"{part.Length}:{part}").Append(';');
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..digits];
    }

    /// <summary>
    /// The same for one ASCII part, such as JSON as we write it: objects are hashed at every pass, and text has twice the bytes.
    /// </summary>
    public static string Hash(int digits, ReadOnlySpan<byte> ascii)
    {
        Span<byte> length = stackalloc byte[12];
        ascii.Length.TryFormat(length, out var written, default, CultureInfo.InvariantCulture);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(length[..written]);
        hash.AppendData(":"u8);
        hash.AppendData(ascii);
        hash.AppendData(";"u8);
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..digits];
    }

    [GeneratedRegex("^[a-z]([-a-z0-9]*[a-z0-9])?$")]
    private static partial Regex DnsLabel();
}
