using System.Globalization;
using IrisOperator.Training.Data;

namespace IrisOperator.Training.Evaluation;

/// <summary>
/// Which fold each row belongs to. Class by class, the rows are shuffled by <see cref="Pcg32"/> and dealt out in turn;
/// the next class goes on at the fold where the last one ended. So every fold has a row of every class, no two folds
/// differ by more than one row of a class, nor by more than one row in all.
/// </summary>
internal sealed class StratifiedFolds
{
    private readonly int[] _foldOfRow;

    private StratifiedFolds(int[] foldOfRow, int count) => (_foldOfRow, Count) = (foldOfRow, count);

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
        var smallest = Enumerable.Range(0, byClass.Length).MinBy(c => byClass[c].Count);
        var rows = byClass[smallest].Count;
        var name = CsvPlace.Show(dataset.Classes[smallest]);
        Check(folds >= 2, $"expected at least 2, found {folds}");
        Check(folds <= dataset.Rows.Count, $"{folds} is more than the {dataset.Rows.Count} rows of {dataset.FileName}");
        Check(folds <= rows, $"{folds} is more than the {rows} rows of class {name} in {dataset.FileName}; each fold needs one");
    }

    private static void Check(bool holds, FormattableString problem)
    {
        if (!holds)
        {
            throw new InputException(InputProblem.InvalidArgument, $"folds: {problem.ToString(CultureInfo.InvariantCulture)}");
        }
    }
}

/// <summary>
/// PCG-XSH-RR with 64 bits of state and 32 bits of output (M. O'Neill, "PCG: A Family of Simple Fast Space-Efficient
/// Statistically Good Algorithms for Random Number Generation", 2014), on the stream 54 of the reference program.
/// </summary>
/// <remarks>
/// System.Random promises no sequence from one version of .NET to the next; a model digest that can be made again needs one.
/// </remarks>
internal sealed class Pcg32
{
    private const ulong Multiplier = 6364136223846793005;
    private const ulong Increment = (54 << 1) | 1;

    private ulong _state;

    public Pcg32(ulong seed)
    {
        Next();
        _state += seed;
        Next();
    }

    public uint Next()
    {
        var old = _state;
        _state = unchecked((old * Multiplier) + Increment);
        var xorShifted = (uint)(((old >> 18) ^ old) >> 27);
        return uint.RotateRight(xorShifted, (int)(old >> 59));
    }

    /// <summary>Uniform from 0 to bound - 1: values from the incomplete last interval are drawn again.</summary>
    public int Below(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        var limit = (uint)bound;
        var threshold = unchecked(0u - limit) % limit;
        uint value;
        do
        {
            value = Next();
        }
        while (value < threshold);
        return (int)(value % limit);
    }

    /// <summary>Fisher and Yates, from the last element down.</summary>
    public void Shuffle(Span<int> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = Below(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}

/// <summary>How good the answers on rows are that the model had not seen.</summary>
/// <param name="MacroF1">Mean of F1 over the classes, each with the same weight.</param>
/// <param name="LogLoss">Mean of -ln p(true class), natural logarithm, p at least <see cref="MinProbability"/>.</param>
/// <param name="Classes">In the order of the class numbers.</param>
/// <param name="Confusion">Row: true class; column: predicted class.</param>
public sealed record Metrics(
    double Accuracy, double MacroF1, double LogLoss, IReadOnlyList<ClassMetrics> Classes, IReadOnlyList<IReadOnlyList<int>> Confusion)
{
    /// <summary>A certain wrong answer costs 34.5 instead of infinity.</summary>
    public const double MinProbability = 1e-15;

    /// <param name="labels">The true class of each row.</param>
    /// <param name="probabilities">Row after row, one per class.</param>
    public static Metrics Of(IReadOnlyList<string> classes, ReadOnlySpan<int> labels, ReadOnlySpan<double> probabilities)
    {
        var k = classes.Count;
        var confusion = Enumerable.Range(0, k).Select(_ => new int[k]).ToArray();
        var loss = 0.0;
        for (var row = 0; row < labels.Length; row++)
        {
            var answer = probabilities.Slice(row * k, k);
            confusion[labels[row]][Model.MostProbable(answer)]++;
            loss -= Math.Log(Math.Clamp(answer[labels[row]], MinProbability, 1));
        }
        ClassMetrics[] perClass = [.. Enumerable.Range(0, k).Select(c => OfClass(classes[c], c, confusion))];
        return new Metrics(
            Ratio(Enumerable.Range(0, k).Sum(c => confusion[c][c]), labels.Length),
            perClass.Average(c => c.F1),
            loss / labels.Length,
            perClass,
            confusion);
    }

    private static ClassMetrics OfClass(string name, int c, int[][] confusion)
    {
        var right = confusion[c][c];
        var actual = confusion[c].Sum();
        var predicted = confusion.Sum(row => row[c]);
        return new ClassMetrics(name, Ratio(right, predicted), Ratio(right, actual), Ratio(2 * right, predicted + actual), actual);
    }

    private static double Ratio(int part, int whole) => whole == 0 ? 0 : (double)part / whole;
}

/// <summary>One class against all others. A ratio with nothing below the line is 0.</summary>
/// <param name="Precision">Right among those predicted as this class.</param>
/// <param name="Recall">Right among those that are this class.</param>
/// <param name="F1">Harmonic mean of the two.</param>
public sealed record ClassMetrics(string Class, double Precision, double Recall, double F1, int Rows);
