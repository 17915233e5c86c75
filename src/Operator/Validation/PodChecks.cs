using System.Text.RegularExpressions;

namespace IrisOperator.Operator.Validation;

/// <summary>Checks of what a spec says about pods. The server would refuse the Job or its pods, without a word about the field.</summary>
public static partial class PodChecks
{
    /// <param name="path">Of a map of labels, or of a node selector.</param>
    public static IEnumerable<FieldError> Labels(string path, IReadOnlyDictionary<string, string>? labels) =>
        from label in labels ?? new Dictionary<string, string>()
        from error in Key(path, label.Key).Concat(Value($"{path}.{label.Key}", label.Value))
        select error;

    public static IEnumerable<FieldError> Annotations(string path, IReadOnlyDictionary<string, string>? annotations) =>
        (annotations?.Keys ?? []).SelectMany(key => Key(path, key));

    public static IEnumerable<FieldError> Tolerations(string path, IReadOnlyList<TolerationSpec>? tolerations) =>
        (tolerations ?? []).SelectMany((toleration, index) => Toleration($"{path}[{index}]", toleration));

    private static IEnumerable<FieldError> Toleration(string path, TolerationSpec toleration) =>
    [
        .. string.IsNullOrEmpty(toleration.Key)
            ? Checks.Field(
                $"{path}.key", toleration.Operator == TolerationSpec.Exists ? null : "is missing; only operator Exists needs none")
            : Key($"{path}.key", toleration.Key),
        .. Checks.Field($"{path}.operator", toleration.Operator is null or TolerationSpec.Equal or TolerationSpec.Exists
            ? null
            : $"\"{toleration.Operator}\" is neither Equal nor Exists"),
        .. Value($"{path}.value", toleration.Value ?? ""),
        .. Checks.Field($"{path}.value", toleration is { Operator: TolerationSpec.Exists, Value.Length: > 0 }
            ? $"\"{toleration.Value}\" is compared by operator Equal only; omit it with Exists"
            : null),
        .. Checks.Field($"{path}.effect", toleration.Effect is null or "NoSchedule" or "PreferNoSchedule" or TolerationSpec.NoExecute
            ? null
            : $"\"{toleration.Effect}\" is none of NoSchedule, PreferNoSchedule and NoExecute"),
        .. Checks.Field($"{path}.tolerationSeconds", toleration is { TolerationSeconds: not null, Effect: not TolerationSpec.NoExecute }
            ? "needs the effect NoExecute"
            : null),
    ];

    private static FieldError[] Key(string path, string key) => Checks.Field(path, LabelKey().IsMatch(key)
        ? null
        : $"\"{key}\" is not a valid key, such as team or example.com/team");

    private static FieldError[] Value(string path, string value) => Checks.Field(path, LabelText().IsMatch(value)
        ? null
        : $"\"{value}\" is not a valid value: up to 63 letters, digits, \"-\", \"_\" and \".\", a letter or digit at both ends");

    // A name, and before it the DNS subdomain of the program that reads it.
    [GeneratedRegex(@"^(?=[^/]{1,253}/|[^/]+\z)([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?"
        + @"[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?\z")]
    private static partial Regex LabelKey();

    [GeneratedRegex(LabelValue.Pattern + @"(?!\n)")]
    private static partial Regex LabelText();
}

/// <summary>Names of what a container can be given.</summary>
public static partial class ResourceName
{
    /// <summary>True for what is given whole and to one container: devices by the name of their vendor, and huge pages.</summary>
    public static bool IsExclusive(string name) =>
        name.Contains('/', StringComparison.Ordinal) || name.StartsWith("hugepages-", StringComparison.Ordinal);

    public static bool IsValid(string name) =>
        name is "cpu" or "memory" or "ephemeral-storage"
        || (name.StartsWith("hugepages-", StringComparison.Ordinal) && Quantity.Parse(name["hugepages-".Length..]) > 0)
        || (name.Length <= 253 && Extended().IsMatch(name));

    // Not of kubernetes.io, and not of quotas, whose names begin with requests.
    [GeneratedRegex(@"^(?!requests\.|([-a-z0-9.]+\.)?kubernetes\.io/)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/"
        + @"[A-Za-z0-9]([-A-Za-z0-9_.]{0,53}[A-Za-z0-9])?\z")]
    private static partial Regex Extended();
}
