using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace IrisOperator.Operator.Resources;

/// <summary>Names of children are functions of their owner, so that a repeated create cannot make a second one.</summary>
public static partial class Names
{
    /// <summary>Leaves room in 63 characters for a hyphen, a hash of ten and what job and replica set controllers append.</summary>
    public const int MaxOwnerName = 50;

    private const int MaxLabelValue = 63;
    private const int ShortDigestLength = 19;

    public static bool IsValidOwner(string name) => name.Length <= MaxOwnerName && DnsLabel().IsMatch(name);

    /// <summary>A name as a label value: itself, or cut and told apart by a hash.</summary>
    public static string LabelValue(string name) =>
        name.Length <= MaxLabelValue ? name : $"{name[..52]}-{Hash(10, name)}";

    /// <summary>The algorithm and twelve digits, for messages.</summary>
    public static string? ShortDigest(string? digest) => digest?.Length > ShortDigestLength ? digest[..ShortDigestLength] : digest;

    /// <summary>
    /// Hex digits of a SHA-256 over the parts, each with its length before it, so that no two lists of parts read the same.
    /// </summary>
    public static string Hash(int digits, params IEnumerable<string?> parts)
    {
        var text = string.Concat(parts.Select(part => part is null ? "-;" : $"{part.Length}:{part};"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..digits];
    }

    /// <summary>
    /// Hash of one ASCII part, such as JSON as we write it: objects are hashed at every reconcile, and text has twice the bytes.
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

/// <summary>
/// Labels and annotations of children. Selectors of running Deployments hold them: they cannot change without a migration.
/// </summary>
public static class Labels
{
    public const string ManagedBy = "app.kubernetes.io/managed-by";

    public const string ManagedByValue = "iris-operator";

    public const string Name = "app.kubernetes.io/name";

    public const string Instance = "app.kubernetes.io/instance";

    public const string Training = "iris-operator.dev/training";

    public const string Model = "iris-operator.dev/model";

    /// <summary>The claim that a pod uses; pods of one ReadWriteOnce claim keep to one node by it.</summary>
    public const string Claim = "iris-operator.dev/claim";

    /// <summary>On the canary's Deployment and pods only, whose other labels are those that the Service selects by.</summary>
    public const string Track = "iris-operator.dev/track";

    public const string CanaryTrack = "canary";

    /// <summary>Hash of the pod template, so that the pods of the wanted version can be told without reading replica sets.</summary>
    public const string Revision = "iris-operator.dev/revision";

    /// <summary>Annotation on an IrisTraining: any new value asks for another run.</summary>
    public const string Run = "iris-operator.dev/run";

    /// <summary>Annotation on an IrisModel: an exact version or digest that is served as long as the annotation is there.</summary>
    public const string RollbackTo = "iris-operator.dev/rollback-to";

    /// <summary>Annotation on an IrisModel: any new value lets rejected images be tried again.</summary>
    public const string Release = "iris-operator.dev/release";

    /// <summary>
    /// Annotation on applied children: hash of what was applied, so that a field that is no longer wanted is noticed too.
    /// </summary>
    public const string AppliedHash = "iris-operator.dev/applied-hash";

    /// <summary>Annotation on the Job of a run: hash of what spec.trainer said about its pod. Absent where it said nothing.</summary>
    public const string PodHash = "iris-operator.dev/pod-hash";

    /// <summary>Selects everything that the operator made.</summary>
    public const string Selector = $"{ManagedBy}={ManagedByValue}";

    public static Dictionary<string, string> For(string application, string ownerLabel, string owner) => new()
    {
        [ManagedBy] = ManagedByValue,
        [Name] = application,
        [Instance] = owner,
        [ownerLabel] = owner,
    };
}
