namespace IrisOperator.Training.Data;

/// <summary>The names of the columns: those of the first line that holds anything, or given ones.</summary>
/// <param name="Place">Where the names stand, for messages.</param>
internal sealed record TableHeader(string[] Names, string Place)
{
    private const int ShownNames = 5;

    /// <summary>Reads the first line, or checks its length where names are given.</summary>
    /// <exception cref="InputException">There is no line, or names are given for another number of columns.</exception>
    public static TableHeader Read(DelimitedReader reader, TableOptions options)
    {
        if (!reader.Read())
        {
            throw InputException.OfDataset($"{reader.Name}: the file is empty");
        }
        var limit = options.Limits.Columns;
        if (reader.Count > limit)
        {
            throw reader.Wrong($"more than {limit} columns");
        }
        var first = new string[reader.Count];
        for (var c = 0; c < first.Length; c++)
        {
            first[c] = reader.Cell(c).ToString();
        }
        if (options.Columns.Count == 0)
        {
            return new TableHeader(first, $"{reader.Name} line {reader.Line}");
        }
        return options.Columns.Count != first.Length
                ? throw reader.Wrong($"{first.Length} columns, but {options.Columns.Count} names are given for them")
            : options.Columns.SequenceEqual(first)
                ? throw reader.Wrong("the file has a header; names are given for files without one only")
            : new TableHeader([.. options.Columns], $"the names given for {reader.Name}");
    }

    /// <summary>Each name once and of a possible length; the first may be empty, as R and pandas leave that of the row names.</summary>
    /// <exception cref="InputException">The names cannot be used.</exception>
    public void Check(TableLimits limits)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var c = 0; c < Names.Length; c++)
        {
            var name = Names[c];
            if ((name.Length == 0 && (c > 0 || Names.Length == 1)) || name.Length > limits.NameLength)
            {
                throw Wrong($"the name of column {c + 1} needs 1 to {limits.NameLength} characters");
            }
            if (!seen.TryAdd(name, c))
            {
                throw Wrong($"column name {Values.Show(name)} occurs twice (columns {seen[name] + 1} and {c + 1})");
            }
        }
        if (Names.Length == 1)
        {
            var other = Names[0].FirstOrDefault(TableOptions.CanDelimit);
            throw Wrong("one column only, at least one number and a label are needed"
                + (other == '\0' ? "" : $"; set the delimiter if it is \"{other}\""));
        }
    }

    /// <summary>Whether a first line is a row like the others, which would be lost unseen as a header.</summary>
    /// <remarks>
    /// Whole numbers in even steps may be names, of years or of the columns that a table without names had; but not where text beside them
    /// is a value of the rows below, too.
    /// </remarks>
    /// <param name="recurs">For each column, whether its first cell occurs again below.</param>
    public bool LooksLikeData(bool[] recurs)
    {
        var numbers = new List<double>();
        var textRecurs = false;
        for (var c = 0; c < Names.Length; c++)
        {
            if (Numbers.TryParse(Names[c], out var number) || Numbers.TryParse(Names[c], out number, ','))
            {
                numbers.Add(number);
            }
            else
            {
                textRecurs |= recurs[c];
            }
        }
        return Array.TrueForAll(recurs, again => again) || (numbers.Count > 0 && (textRecurs || !AreCounted(numbers)));
    }

    public InputException NotNames() => Wrong(
        $"expected column names, found {string.Join(", ", Names.Take(ShownNames).Select(name => Values.Show(name)))}"
        + $"{(Names.Length > ShownNames ? ", …" : "")}; the names of a file without a header have to be given");

    private InputException Wrong(string what) => InputException.OfDataset($"{Place}: {what}");

    private static bool AreCounted(List<double> numbers)
    {
        var step = numbers.Count > 1 ? numbers[1] - numbers[0] : 1;
        for (var i = 1; i < numbers.Count; i++)
        {
            if (numbers[i] - numbers[i - 1] != step)
            {
                return false;
            }
        }
        var start = numbers[0];
        return start == Math.Floor(start) && step == Math.Floor(step) && step > 0
            && (start is 0 or 1 || numbers.Count > 2);
    }
}
