using System.Text.RegularExpressions;

namespace IrisOperator.Operator.Children;

/// <summary>Checks that both kinds need. The schema has most of them too; a resource may be older than the schema.</summary>
public static partial class Checks
{
    public static IEnumerable<FieldError> OwnerName(string name)
    {
        if (!Names.IsValidOwner(name))
        {
            var length = name.Length > Names.MaxOwnerName ? $" (it has {name.Length.ToString(CultureInfo.InvariantCulture)})" : "";
            yield return new(
                "metadata.name",
                $"must have at most {Names.MaxOwnerName} characters{length}, of a-z, 0-9 and \"-\", and begin with a letter: "
                + "children are named after it");
        }
    }

    public static IEnumerable<FieldError> Range(string path, long? value, long min, long max = long.MaxValue)
    {
        if (value < min || value > max)
        {
            var bounds = max == long.MaxValue ? $"must be at least {min}" : $"must be from {min} to {max}";
            yield return new(path, string.Create(CultureInfo.InvariantCulture, $"{bounds}, found {value}"));
        }
    }

    public static IEnumerable<FieldError> ObjectName(string path, string? name)
    {
        if (name is not null && (name.Length > 253 || !DnsSubdomain().IsMatch(name)))
        {
            yield return new(path, $"\"{name}\" is not a valid object name");
        }
    }

    public static IEnumerable<FieldError> Resources(string path, ResourceSpec? resources) =>
        Quantities($"{path}.requests", resources?.Requests).Concat(Quantities($"{path}.limits", resources?.Limits));

    private static IEnumerable<FieldError> Quantities(string path, IReadOnlyDictionary<string, IntOrString>? values) =>
        from entry in values ?? new Dictionary<string, IntOrString>()
        where Quantity.Parse(entry.Value.ToString()) is null
        select new FieldError($"{path}.{entry.Key}", $"\"{entry.Value}\" is not a quantity such as 500m or 256Mi");

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$")]
    private static partial Regex DnsSubdomain();
}
