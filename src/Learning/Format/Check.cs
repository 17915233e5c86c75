namespace IrisOperator.Learning.Format;

/// <summary>The comparisons of the validators; each names the member of model.json that is wrong.</summary>
internal static class Check
{
    public static ModelFormatException Wrong(string where, string what) => new($"{ModelFile.Model}: {where}: {what}");

    public static void That(bool holds, string where, string what)
    {
        if (!holds)
        {
            throw Wrong(where, what);
        }
    }

    public static void Count(string where, int count, int min, int max) =>
        That(count >= min && count <= max, where, $"expected {min} to {max} entries, found {count}");

    public static void Length(string where, int length, int expected) =>
        That(length == expected, where, $"expected {expected} entries, found {length}");

    public static void Index(string where, int index, int count)
    {
        // Asked for every node of a file: no message is made of what is right.
        if (index < 0 || index >= count)
        {
            throw Wrong(where, $"expected 0 to {count - 1}, found {index}");
        }
    }

    public static void Name(string where, string name) =>
        That(name.Length is > 0 and <= Limits.NameLength, where, $"expected 1 to {Limits.NameLength} characters, found {name.Length}");

    /// <remarks>The JSON parser turns 1e999 into infinity without a word.</remarks>
    public static void Finite(string where, params ReadOnlySpan<double> values)
    {
        foreach (var value in values)
        {
            That(double.IsFinite(value), where, "not a finite number");
        }
    }

    public static void Numbers(string where, double[] values, int expected)
    {
        Length(where, values.Length, expected);
        Finite(where, values);
    }

    /// <summary>Arrays of references may hold null where JSON says null; nullable annotations do not reach elements.</summary>
    public static void NoNulls<T>(string where, T[] items)
        where T : class
    {
        var missing = Array.FindIndex(items, item => item is null);
        That(missing < 0, $"{where}[{missing}]", "is null");
    }
}

/// <summary>
/// What a model file may ask of the process that loads it. Each is far above any model that this trainer writes and
/// far below what would hurt; the length is checked before the file is read, the rest before anything is allocated for it.
/// </summary>
internal static class Limits
{
    public const int ManifestBytes = 64 * 1024;
    public const int FileBytes = 32 * 1024 * 1024;
    public const int Features = 10_000;

    /// <summary>Of one feature and of all together: what a row of a batch may take to encode.</summary>
    public const int Columns = 50_000;

    public const int Classes = 1_000;
    public const int NameLength = 1_000;
    public const int Trees = 200_000;
    public const int TreeDepth = 250;

    /// <summary>So small that the sum over all trees cannot become infinite in float32.</summary>
    public const float TreeWeight = 1e30f;

    public const int SupportVectors = 200_000;
    public const int PolynomialDegree = 10;
    public const int GoldenSamples = 1_000;
    public const int Parameters = 100;
}
