using System.Globalization;
using IrisOperator.Learning.Data;

namespace IrisOperator.Learning.Evaluation;

/// <summary>
/// Which fold each row belongs to. Class by class, the rows are shuffled by <see cref="Pcg32"/> and dealt out in turn;
/// the next class goes on at the fold where the last one ended. So every fold has a row of every class, no two folds
/// differ by more than one row of a class, nor by more than one row in all.
/// </summary>
internal sealed class StratifiedFolds
{
    private readonly int[] _foldOfRow;

    private StratifiedFolds(int[] foldOfRow, int count)
    {
        _foldOfRow = foldOfRow;
        Count = count;
    }

    public int Count { get; }

    /// <exception cref="InputException">Fewer than 2 folds, or more than rows or than rows of the smallest class.</exception>
    public static StratifiedFolds Deal(Dataset dataset, int folds, int seed)
    {
        var rows = dataset.Rows;
        var byClass = Enumerable.Range(0, rows.Classes).Select(_ => new List<int>()).ToArray();
        for (var row = 0; row < rows.Count; row++)
        {
            byClass[rows.Labels[row]].Add(row);
        }
        Validate(dataset, byClass, folds);
        var random = new Pcg32((ulong)seed);
        var foldOfRow = new int[rows.Count];
        var next = 0;
        foreach (var members in byClass)
        {
            int[] shuffled = [.. members];
            random.Shuffle(shuffled);
            foreach (var row in shuffled)
            {
                foldOfRow[row] = next;
                next = (next + 1) % folds;
            }
        }
        return new StratifiedFolds(foldOfRow, folds);
    }

    /// <summary>In the order of the file.</summary>
    public int[] RowsIn(int fold) => [.. Enumerable.Range(0, _foldOfRow.Length).Where(row => _foldOfRow[row] == fold)];

    /// <summary>In the order of the file.</summary>
    public int[] RowsOutside(int fold) => [.. Enumerable.Range(0, _foldOfRow.Length).Where(row => _foldOfRow[row] != fold)];

    private static void Validate(Dataset dataset, List<int>[] byClass, int folds)
    {
        if (folds < 2)
        {
            throw Wrong($"folds: expected at least 2, found {folds}");
        }
        if (folds > dataset.Rows.Count)
        {
            throw Wrong($"folds: {folds} is more than the {dataset.Rows.Count} rows of {dataset.FileName}");
        }
        var smallest = Enumerable.Range(0, byClass.Length).MinBy(c => byClass[c].Count);
        if (folds > byClass[smallest].Count)
        {
            var name = CsvPlace.Show(dataset.Classes[smallest]);
            var rows = byClass[smallest].Count;
            throw Wrong($"folds: {folds} is more than the {rows} rows of class {name} in {dataset.FileName}; each fold needs one");
        }
    }

    private static InputException Wrong(FormattableString message)
    {
        return new InputException(InputProblem.InvalidArgument, message.ToString(CultureInfo.InvariantCulture));
    }
}
