using System.Buffers;

namespace IrisOperator.Operator.Children;

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
