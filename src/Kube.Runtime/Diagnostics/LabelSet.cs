using System.Globalization;
using System.Text;

namespace IrisOperator.Kube.Runtime.Diagnostics;

/// <summary>Up to three labels, compared without building text: this is on the path of every request and every pass.</summary>
internal readonly record struct LabelSet
{
    private readonly KeyValuePair<string, object?> _first;
    private readonly KeyValuePair<string, object?> _second;
    private readonly KeyValuePair<string, object?> _third;
    private readonly int _count;

    public LabelSet(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tags.Length, 3);
        _count = tags.Length;
        _first = tags.Length > 0 ? tags[0] : default;
        _second = tags.Length > 1 ? tags[1] : default;
        _third = tags.Length > 2 ? tags[2] : default;
    }

    public bool Equals(LabelSet other) =>
        _count == other._count && Same(_first, other._first) && Same(_second, other._second) && Same(_third, other._third);

    public override int GetHashCode() => HashCode.Combine(_first.Value, _second.Value, _third.Value);

    /// <param name="bound">The label <c>le</c> of a histogram.</param>
    public string Print(string? bound = null)
    {
        var text = new StringBuilder();
        ReadOnlySpan<KeyValuePair<string, object?>> all = [_first, _second, _third];
        foreach (var (name, value) in all[.._count])
        {
            Append(text, name, Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
        }

        if (bound is not null)
        {
            Append(text, "le", bound);
        }

        return text.Length == 0 ? "" : text.Append('}').ToString();
    }

    private static bool Same(KeyValuePair<string, object?> a, KeyValuePair<string, object?> b) =>
        a.Key == b.Key && Equals(a.Value, b.Value);

    private static void Append(StringBuilder text, string name, string value)
    {
        var escaped = value.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);
        text.Append(text.Length == 0 ? '{' : ',').Append(name).Append("=\"").Append(escaped).Append('"');
    }
}
