using System.Globalization;

namespace IrisOperator.Learning.Format;

/// <summary>The comparisons of the validators; each names the member of model.json that is wrong.</summary>
internal static class Check
{
    public static ModelFormatException Wrong(string where, string what) => new($"{ModelFile.Model}: {where}: {what}");

    public static void Count(string where, int count, int min, int max)
    {
        if (count < min || count > max)
        {
            throw Wrong(where, Invariant($"expected {min} to {max} entries, found {count}"));
        }
    }

    public static void Length(string where, int length, int expected)
    {
        if (length != expected)
        {
            throw Wrong(where, Invariant($"expected {expected} entries, found {length}"));
        }
    }

    public static void Index(string where, int index, int count)
    {
        if (index < 0 || index >= count)
        {
            throw Wrong(where, Invariant($"expected 0 to {count - 1}, found {index}"));
        }
    }

    public static void Finite(string where, double value)
    {
        // The JSON parser turns 1e999 into infinity without a word.
        if (!double.IsFinite(value))
        {
            throw Wrong(where, "not a finite number");
        }
    }

    public static void AllFinite(string where, double[] values)
    {
        foreach (var value in values)
        {
            Finite(where, value);
        }
    }

    /// <summary>Arrays of references may hold null where JSON says null; nullable annotations do not reach elements.</summary>
    public static void NoNulls<T>(string where, T[] items)
        where T : class
    {
        for (var i = 0; i < items.Length; i++)
        {
            if (items[i] is null)
            {
                throw Wrong(Invariant($"{where}[{i}]"), "is null");
            }
        }
    }

    public static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
