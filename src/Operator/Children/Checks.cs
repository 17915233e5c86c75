using System.Buffers;
using System.Text.RegularExpressions;

namespace IrisOperator.Operator.Children;

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
        Quantities($"{path}.requests", resources?.Requests).Concat(Quantities($"{path}.limits", resources?.Limits));

    private static IEnumerable<FieldError> Quantities(string path, IReadOnlyDictionary<string, IntOrString>? values) =>
        from entry in values ?? new Dictionary<string, IntOrString>()
        where Quantity.Parse(entry.Value.ToString()) is null
        select new FieldError($"{path}.{entry.Key}", $"\"{entry.Value}\" is not a quantity such as 500m or 256Mi");

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$")]
    private static partial Regex DnsSubdomain();
}

/// <summary>Kubernetes quantities. The server rewrites them (1024Mi becomes 1Gi), so they are compared as numbers.</summary>
public static class Quantity
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    private static readonly Dictionary<string, decimal> Suffixes = new(StringComparer.Ordinal)
    {
        [""] = 1m,
        ["n"] = 1e-9m,
        ["u"] = 1e-6m,
        ["m"] = 1e-3m,
        ["k"] = 1e3m,
        ["M"] = 1e6m,
        ["G"] = 1e9m,
        ["T"] = 1e12m,
        ["P"] = 1e15m,
        ["E"] = 1e18m,
        ["Ki"] = 1024m,
        ["Mi"] = 1048576m,
        ["Gi"] = 1073741824m,
        ["Ti"] = 1099511627776m,
        ["Pi"] = 1125899906842624m,
        ["Ei"] = 1152921504606846976m,
    };

    /// <returns>Null when it is no quantity. Negative ones and those with an exponent are none here.</returns>
    public static decimal? Parse(string text)
    {
        var digits = text.AsSpan().IndexOfAnyExcept(Digits);
        var (number, suffix) = digits < 0 ? (text, "") : (text[..digits], text[digits..]);
        return Suffixes.TryGetValue(suffix, out var factor)
            && number.Length <= 18
            && decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            ? value * factor
            : null;
    }
}
