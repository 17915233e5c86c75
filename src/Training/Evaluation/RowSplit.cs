using System.Globalization;
using IrisOperator.Training.Data;

namespace IrisOperator.Training.Evaluation;

/// <summary>
/// Parts of the rows, each of which judges a model that was fitted on all rows outside of it: the folds of a cross-validation, or one
/// part that is held out.
/// </summary>
internal sealed class RowSplit
{
    // Of a row that judges no model.
    private const int NoPart = -1;

    private readonly int[] _partOfRow;

    private RowSplit(int[] partOfRow, int count) => (_partOfRow, Count) = (partOfRow, count);

    public int Count { get; }

    /// <summary>
    /// Class by class, the rows are shuffled by <see cref="Pcg32"/> and dealt out in turn; the next class goes on at the fold where the
    /// last one ended. So every fold has a row of every class, no two folds differ by more than one row of a class, nor by more than one
    /// row in all.
    /// </summary>
    /// <exception cref="InputException">Fewer than 2 folds, or more than rows or than rows of the smallest class.</exception>
    public static RowSplit Folds(Dataset dataset, int folds, int seed)
    {
        var byClass = ByClass(dataset.Rows);
        ValidateFolds(dataset, byClass, folds);
        var random = new Pcg32((ulong)seed);
        var foldOfRow = new int[dataset.Rows.Count];
        var next = 0;
        foreach (var members in byClass)
        {
            random.Shuffle(members);
            foreach (var row in members)
            {
                foldOfRow[row] = next;
                next = (next + 1) % folds;
            }
        }

        return new RowSplit(foldOfRow, folds);
    }

    /// <summary>As the options say: folds, or rows that are held out by a share, by a mark or because they are last.</summary>
    /// <exception cref="InputException">The options do not fit the table, or each other.</exception>
    public static RowSplit Of(Dataset dataset, TrainingOptions options) => (dataset.Marks, options.Holdout) switch
    {
        (null, null) => Folds(dataset, options.Folds, options.Seed),
        (null, { } share) => HoldOut(dataset, share, options.Seed),
        ({ IsOrder: false } marks, null) => HoldOut(dataset, row => marks.Values[row] == 1),
        ({ IsOrder: false }, _) => throw Wrong("holdout", $"expected a share or a column of marks, found both"),
        (_, null) => throw Wrong("holdout", $"expected the share of the rows that are held out, the last by {dataset.Marks.Column}"),
        ({ } order, { } share) => HoldOutLast(dataset, order, share),
    };

    /// <summary>A share of each class is held out, rounded to whole rows, at least one of them and never all.</summary>
    /// <param name="share">Above 0 and below 1.</param>
    /// <exception cref="InputException">The share is out of its bounds, or there is one row alone.</exception>
    public static RowSplit HoldOut(Dataset dataset, double share, int seed)
    {
        CheckShare(share);
        return dataset.Rows.Count < 2
            ? throw Wrong("holdout", $"{dataset.FileName} has one row; it needs one to learn from and one to be held out")
            : HoldOut(dataset.Rows, share, seed);
    }

    /// <summary>As the other, of rows among which a class may have one row, which is not held out then, or none.</summary>
    public static RowSplit HoldOut(LabelledRows rows, double share, int seed)
    {
        var random = new Pcg32((ulong)seed);
        var partOfRow = Enumerable.Repeat(NoPart, rows.Count).ToArray();
        foreach (var members in ByClass(rows).Where(members => members.Length > 1))
        {
            random.Shuffle(members);
            var held = Math.Clamp((int)Math.Round(share * members.Length, MidpointRounding.AwayFromZero), 1, members.Length - 1);
            foreach (var row in members.AsSpan(0, held))
            {
                partOfRow[row] = 0;
            }
        }

        return new RowSplit(partOfRow, 1);
    }

    private static RowSplit HoldOutLast(Dataset dataset, RowMarks order, double share)
    {
        CheckShare(share);
        int[] rows = [.. Enumerable.Range(0, dataset.Rows.Count).OrderBy(row => order.Values[row])];
        var held = (int)Math.Round(share * rows.Length, MidpointRounding.AwayFromZero);
        HashSet<int> last = [.. rows[^held..]];
        return HoldOut(dataset, last.Contains);
    }

    private static RowSplit HoldOut(Dataset dataset, Func<int, bool> isHeld)
    {
        var split = new RowSplit([.. Enumerable.Range(0, dataset.Rows.Count).Select(row => isHeld(row) ? 0 : NoPart)], 1);
        var learned = split.RowsOutside(0);
        if (learned.Length == 0 || learned.Length == dataset.Rows.Count)
        {
            throw Wrong("holdout", $"{learned.Length} of {dataset.Rows.Count} rows of {dataset.FileName} are left to learn from");
        }

        var known = dataset.Rows.Take(learned).Labels.ToArray().ToHashSet();
        var unknown = Enumerable.Range(0, dataset.Classes.Count).FirstOrDefault(label => !known.Contains(label), -1);
        return unknown < 0
            ? split
            : throw Wrong("holdout", $"all rows of class {Values.Show(dataset.Classes[unknown])} of {dataset.FileName} are held out");
    }

    private static void CheckShare(double share)
    {
        if (share is not (> 0 and < 1))
        {
            throw Wrong("holdout", $"expected a share above 0 and below 1, found {share}");
        }
    }

    /// <summary>The rows of all parts, in the order of the file.</summary>
    public int[] Judged() => [.. Enumerable.Range(0, _partOfRow.Length).Where(row => _partOfRow[row] != NoPart)];

    /// <summary>In the order of the file.</summary>
    public int[] RowsIn(int part) => [.. Enumerable.Range(0, _partOfRow.Length).Where(row => _partOfRow[row] == part)];

    /// <summary>In the order of the file.</summary>
    public int[] RowsOutside(int part) => [.. Enumerable.Range(0, _partOfRow.Length).Where(row => _partOfRow[row] != part)];

    /// <summary>Where a number is predicted, all rows are of one class.</summary>
    private static int[][] ByClass(LabelledRows rows)
    {
        if (rows.Classes == 0)
        {
            return [[.. Enumerable.Range(0, rows.Count)]];
        }

        var byClass = Enumerable.Range(0, rows.Classes).Select(_ => new List<int>()).ToArray();
        for (var row = 0; row < rows.Count; row++)
        {
            byClass[rows.Labels[row]].Add(row);
        }

        return [.. byClass.Select(members => members.ToArray())];
    }

    private static void ValidateFolds(Dataset dataset, int[][] byClass, int folds)
    {
        var smallest = Enumerable.Range(0, byClass.Length).MinBy(c => byClass[c].Length);
        var rows = byClass[smallest].Length;
        Check(folds >= 2, $"expected at least 2, found {folds}");
        Check(folds <= dataset.Rows.Count, $"{folds} is more than the {dataset.Rows.Count} rows of {dataset.FileName}");
        if (dataset.Classes.Count > 0)
        {
            var name = Values.Show(dataset.Classes[smallest]);
            Check(folds <= rows, $"{folds} is more than the {rows} rows of class {name} in {dataset.FileName}; each fold needs one");
        }
    }

    private static void Check(bool holds, FormattableString problem)
    {
        if (!holds)
        {
            throw Wrong("folds", problem);
        }
    }

    private static InputException Wrong(string option, FormattableString problem) =>
        new(InputProblem.InvalidArgument, $"{option}: {problem.ToString(CultureInfo.InvariantCulture)}");
}
