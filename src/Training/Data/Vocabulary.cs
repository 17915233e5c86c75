using System.Globalization;

namespace IrisOperator.Training.Data;

/// <summary>The different values of a column of text, numbered in the order in which they come.</summary>
/// <param name="limit">More values are an error with <paramref name="hint"/>.</param>
internal sealed class Vocabulary(string column, int limit, string hint, TableLimits limits)
{
    private readonly List<string> _names = [];
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _looks = new(StringComparer.Ordinal);
    private Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    public int Count => _names.Count;

    /// <exception cref="InputException">One value too many, one too long, or one that looks like another.</exception>
    public int NumberOf(ReadOnlySpan<char> value, DelimitedReader reader)
    {
        if (_names.Count == 0)
        {
            _lookup = _numbers.GetAlternateLookup<ReadOnlySpan<char>>();
        }
        return _lookup.TryGetValue(value, out var number) ? number : Add(value.ToString(), reader);
    }

    /// <summary>
    /// The values that occur: as numbers if all are whole ones, so that 10 comes after 9, else in ordinal order.
    /// </summary>
    /// <param name="counts">How often each occurs; those that do not are left out.</param>
    /// <param name="places">For each number the place in the order; -1 if it was left out.</param>
    /// <exception cref="InputException">Two are the same number.</exception>
    public string[] Order(ReadOnlySpan<int> counts, string fileName, out int[] places)
    {
        places = new int[_names.Count];
        Array.Fill(places, -1);
        var used = new List<string>();
        foreach (var (number, name) in _names.Index())
        {
            if (counts[number] > 0)
            {
                used.Add(name);
            }
        }
        var isNumeric = used.TrueForAll(
            name => Numbers.TryParse(name, out var value) && value == Math.Floor(value) && double.IsFinite(value));
        used.Sort(isNumeric ? CompareNumbers : string.CompareOrdinal);
        for (var place = 0; place < used.Count; place++)
        {
            places[_numbers[used[place]]] = place;
            if (isNumeric && place > 0 && ValueOf(used[place - 1]) == ValueOf(used[place]))
            {
                throw InputException.OfDataset($"{fileName}, column {Values.Show(column)}: {Values.Show(used[place - 1])} and "
                    + $"{Values.Show(used[place])} are one number in two spellings");
            }
        }
        return [.. used];
    }

    private int Add(string name, DelimitedReader reader)
    {
        var problem = name.Length > limits.NameLength ? $"longer than {limits.NameLength} characters"
            : _names.Count == limit ? $"more than {limit} different values; {hint}"
            : !_looks.TryAdd(Values.LookOf(name), name)
                ? $"{Values.Show(_looks[Values.LookOf(name)])} and {Values.Show(name)} differ in what cannot be seen"
            : null;
        if (problem is not null)
        {
            throw reader.Wrong(column, problem);
        }
        _numbers.Add(name, _names.Count);
        _names.Add(name);
        return _names.Count - 1;
    }

    private static int CompareNumbers(string one, string other) => ValueOf(one).CompareTo(ValueOf(other));

    private static double ValueOf(string number) => double.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture);
}
