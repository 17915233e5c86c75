namespace IrisOperator.Training.Data;

/// <summary>What the cells of a column are read as.</summary>
internal enum ColumnKind
{
    Ignored,
    Mark,
    Target,
    Number,
    Truth,
    Text,
}

/// <summary>The names of all columns of a table, and what each is; decided by the options and the first rows.</summary>
internal sealed class TableSchema
{
    private const int LookedAtRows = 1_000;

    private TableSchema(string[] names, ColumnKind[] kinds, int target)
    {
        Names = names;
        Kinds = kinds;
        Target = target;
        Features = [.. kinds.Index().Where(column => column.Item > ColumnKind.Target).Select(column => column.Index)];
    }

    public string[] Names { get; }

    public ColumnKind[] Kinds { get; }

    /// <summary>The index of the column to predict.</summary>
    public int Target { get; }

    /// <summary>The index of the column of <see cref="RowMarks"/>; -1 if there is none.</summary>
    public int Mark => Array.IndexOf(Kinds, ColumnKind.Mark);

    /// <summary>Indices of the columns to learn from, ascending.</summary>
    public int[] Features { get; }

    /// <exception cref="InputException">The header or an option is wrong.</exception>
    public static TableSchema Of(TextFile file, TableOptions options)
    {
        using var reader = new DelimitedReader(file, options);
        var header = TableHeader.Read(reader, options);
        var names = header.Names;
        var hasHeader = options.Columns.Count == 0;
        var looks = names.Select(_ => new ColumnLook()).ToArray();
        var recurs = new bool[names.Length];
        for (var row = 0; row < LookedAtRows && ((row == 0 && !hasHeader) || Next(reader, names.Length)); row++)
        {
            for (var c = 0; c < names.Length; c++)
            {
                var cell = reader.Cell(c);
                recurs[c] |= cell.SequenceEqual(names[c]);
                looks[c].Add(cell);
            }
        }
        if (hasHeader && header.LooksLikeData(recurs))
        {
            throw header.NotNames();
        }
        header.Check(options.Limits);
        return Of(names, looks, reader, options);
    }

    private static TableSchema Of(string[] names, ColumnLook[] looks, DelimitedReader reader, TableOptions options)
    {
        var kinds = new ColumnKind[names.Length];
        var target = TargetOf(names, reader, options);
        CheckNames(names, target, reader, options);
        for (var c = 0; c < names.Length; c++)
        {
            kinds[c] = c == target ? ColumnKind.Target
                : names[c].Length > 0 && names[c] == (options.HoldoutColumn ?? options.HoldoutOrder) ? ColumnKind.Mark
                : names[c].Length == 0 || options.Exclude.Contains(names[c]) ? ColumnKind.Ignored
                : options.Features.Count > 0 && !options.Features.Contains(names[c]) ? ColumnKind.Ignored
                : options.Categorical.Contains(names[c]) ? ColumnKind.Text
                : looks[c].Kind;
        }
        return Array.Exists(kinds, kind => kind > ColumnKind.Target)
            ? new TableSchema(names, kinds, target)
            : throw InputException.OfDataset($"{reader.Name}: no column is left to learn from");
    }

    /// <summary>A row that is malformed ends the look; it is told when all is read.</summary>
    private static bool Next(DelimitedReader reader, int columns)
    {
        try
        {
            if (!reader.Read() || reader.Count != columns)
            {
                return false;
            }
            for (var c = 0; c < columns; c++)
            {
                _ = reader.Cell(c);
            }
            return true;
        }
        catch (InputException)
        {
            return false;
        }
    }

    private static int TargetOf(string[] names, DelimitedReader reader, TableOptions options)
    {
        var target = options.Target is { } name
            ? IndexOf(names, name, reader)
            : Array.FindLastIndex(names, name => !options.Exclude.Contains(name) && !options.Features.Contains(name)
                && name != (options.HoldoutColumn ?? options.HoldoutOrder));
        return target >= 0 ? target : throw InputException.OfDataset($"{reader.Name}: no column is left to predict");
    }

    private static void CheckNames(string[] names, int target, DelimitedReader reader, TableOptions options)
    {
        foreach (var name in options.Features.Concat(options.Exclude).Concat(options.Categorical))
        {
            if (IndexOf(names, name, reader) == target)
            {
                throw InputException.OfDataset(
                    $"{reader.Name}: column {Values.Show(name)} is the target; it cannot be a feature, nor excluded");
            }
        }
        if ((options.HoldoutColumn ?? options.HoldoutOrder) is { } mark
            && (IndexOf(names, mark, reader) == target || options.Features.Concat(options.Categorical).Contains(mark)))
        {
            throw InputException.OfDataset(
                $"{reader.Name}: column {Values.Show(mark)} says what is held out; it can be neither target nor feature");
        }
        if (options.Exclude.FirstOrDefault(name => options.Features.Concat(options.Categorical).Contains(name)) is { } twice)
        {
            throw InputException.OfDataset($"{reader.Name}: column {Values.Show(twice)} is excluded, and named as a feature");
        }
    }

    private static int IndexOf(string[] names, string name, DelimitedReader reader)
    {
        var index = Array.IndexOf(names, Values.Trim(name).ToString());
        return index >= 0 ? index
            : throw InputException.OfDataset($"{reader.Name}: no column {Values.Show(name)}; the columns are {string.Join(", ", names)}");
    }

    /// <summary>What the cells of a column look like.</summary>
    private sealed class ColumnLook
    {
        private int _truths;
        private int _texts;
        private int _others;

        /// <summary>Text only if nothing is near to a number: a mistyped one is no category.</summary>
        public ColumnKind Kind => _others > 0 ? ColumnKind.Number
            : _texts > 0 ? ColumnKind.Text
            : _truths > 0 ? ColumnKind.Truth
            : ColumnKind.Number;

        public void Add(ReadOnlySpan<char> cell)
        {
            if (Values.IsMissing(cell))
            {
                return;
            }
            if (Values.TryTruth(cell, out _))
            {
                _truths++;
            }
            else if (char.IsAsciiDigit(cell[0]) || "+-.,".Contains(cell[0]) || IsInfinity(cell))
            {
                _others++;
            }
            else
            {
                _texts++;
            }
        }

        private static bool IsInfinity(ReadOnlySpan<char> cell) =>
            cell.Equals("inf", StringComparison.OrdinalIgnoreCase) || cell.Equals("infinity", StringComparison.OrdinalIgnoreCase);
    }
}
