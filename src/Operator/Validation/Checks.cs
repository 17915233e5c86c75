using System.Text.RegularExpressions;

namespace IrisOperator.Operator.Validation;

/// <summary>What is wrong with one field of a custom resource.</summary>
/// <param name="Path">As in <c>kubectl explain</c>, such as spec.dataset.path.</param>
/// <param name="Problem">Reads on after the path and a colon.</param>
public sealed record FieldError(string Path, string Problem)
{
    public override string ToString() => $"{Path}: {Problem}";
}

/// <summary>Checks that both kinds need. The schema has most of them too; a resource may be older than the schema.</summary>
public static partial class Checks
{
    /// <returns>Nothing where there is no problem.</returns>
    public static FieldError[] Field(string path, string? problem) => problem is null ? [] : [new(path, problem)];

    public static FieldError[] OwnerName(string name)
    {
        var length = name.Length > Names.MaxOwnerName ? $" (it has {name.Length})" : "";
        return Field("metadata.name", Names.IsValidOwner(name)
            ? null
            : $"must have at most {Names.MaxOwnerName} characters{length}, of a-z, 0-9 and \"-\", and begin with a letter: "
                + "children are named after it");
    }

    public static FieldError[] Range(string path, long? value, long min, long max = long.MaxValue)
    {
        if (value is null || (value >= min && value <= max))
        {
            return [];
        }

        var bounds = max == long.MaxValue ? $"at least {min}" : $"from {min} to {max}";
        return [new(path, $"must be {bounds}, found {value}")];
    }

    public static FieldError[] ObjectName(string path, string? name) =>
        Field(path, name is null || (name.Length <= 253 && DnsSubdomain().IsMatch(name)) ? null : $"\"{name}\" is not a valid object name");

    public static IEnumerable<FieldError> Resources(string path, ResourceSpec? resources) =>
    [
        .. Quantities($"{path}.requests", resources?.Requests),
        .. Quantities($"{path}.limits", resources?.Limits),
        .. from request in resources?.Requests ?? new Dictionary<string, string>()
           where ResourceName.IsExclusive(request.Key)
           let limit = resources?.Limits?.GetValueOrDefault(request.Key) ?? request.Value
           where Quantity.Parse(limit) is { } most && Quantity.Parse(request.Value) is { } least && most != least
           select new FieldError(
               $"{path}.requests.{request.Key}", $"must be the limit, which is \"{limit}\", or omitted; found \"{request.Value}\""),
    ];

    private static IEnumerable<FieldError> Quantities(string path, IReadOnlyDictionary<string, string>? values) =>
        from entry in values ?? new Dictionary<string, string>()
        let problem = !ResourceName.IsValid(entry.Key)
            ? "is no resource; there are cpu, memory, ephemeral-storage, hugepages-<size>, "
                + "and devices by their full name such as nvidia.com/gpu"
            : Quantity.Parse(entry.Value) is not { } value
                ? $"\"{entry.Value}\" is no quantity from 0 to below 2^63, such as 500m or 256Mi"
                : ResourceName.IsExclusive(entry.Key) && value % 1 != 0
                    ? $"must be a whole number, found \"{entry.Value}\""
                    : null
        where problem is not null
        select new FieldError($"{path}.{entry.Key}", problem);

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$")]
    private static partial Regex DnsSubdomain();
}

/// <summary>Kubernetes quantities. The server rewrites them (1024Mi becomes 1Gi), so they are compared as numbers.</summary>
public static partial class Quantity
{
    /// <returns>Null for what is no quantity, negative, or 2^63 - 1 and above, where a server cuts it to that without a word.</returns>
    public static decimal? Parse(string text) =>
        Shape().IsMatch(text) && new ResourceQuantity(text) is var quantity
        && quantity.ToDouble() < 2.0 * long.MaxValue && quantity.ToDecimal() is < long.MaxValue and var value
            ? value
            : null;

    // The server's own grammar without a sign, which ResourceQuantity does not check; in lengths that cost it neither time nor memory.
    [GeneratedRegex(@"^\+?(?:[0-9]{1,30}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})(?:[KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]{1,2})?\z")]
    private static partial Regex Shape();
}
