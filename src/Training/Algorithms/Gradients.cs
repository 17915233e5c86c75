using System.Numerics;
using System.Runtime.InteropServices;
using IrisOperator.Training.Data;
using IrisOperator.Training.Evaluation;

namespace IrisOperator.Training.Algorithms;

/// <summary>
/// First and second derivatives of a loss with respect to the margins, row after row: of the log loss of softmax, as XGBoost's
/// multi:softprob takes them (g = p - y, h = 2 p (1 - p)), or of half the squared error (g = margin - y, h = 1).
/// </summary>
/// <remarks>
/// All are multiples of one power of two, chosen so that the sum of any of them in float64 is exact. So a histogram is the same in
/// whatever order, and by however many threads, it is summed. What the rounding takes from a derivative is below 2^-52 of the sum.
/// </remarks>
internal sealed class Gradients(LabelledRows rows, float[] weights, int threads)
{
    private const int RowsAtOnce = 4096;

    private readonly int _width = Math.Max(1, rows.Classes);

    public float[] First { get; } = new float[rows.Count * Math.Max(1, rows.Classes)];

    public float[] Second { get; } = new float[rows.Count * Math.Max(1, rows.Classes)];

    /// <param name="margins">One per row and class, or one per row.</param>
    public void Compute(ReadOnlySpan<float> margins)
    {
        margins.CopyTo(First);
        var weight = weights.Max();
        var (first, second) = (new Grid(rows.Classes > 0 ? weight : Residuals(), rows.Count), new Grid(weight, rows.Count));
        var parts = (rows.Count + RowsAtOnce - 1) / RowsAtOnce;
        Parallel.For(0, parts, new ParallelOptions { MaxDegreeOfParallelism = threads }, part =>
        {
            var (begin, end) = (part * RowsAtOnce, Math.Min((part + 1) * RowsAtOnce, rows.Count));
            if (rows.Classes > 0)
            {
                Softmax(begin, end);
            }
            first.Round(First.AsSpan(begin * _width, (end - begin) * _width));
            second.Round(Second.AsSpan(begin * _width, (end - begin) * _width));
        });
    }

    /// <summary>Leaves out the rows that are not drawn, each drawn with the given probability.</summary>
    public void Draw(Pcg32 random, double share)
    {
        for (var row = 0; share < 1 && row < rows.Count; row++)
        {
            if (random.Next() >= share * (1L << 32))
            {
                First.AsSpan(row * _width, _width).Clear();
                Second.AsSpan(row * _width, _width).Clear();
            }
        }
    }

    /// <returns>The greatest size of one.</returns>
    private double Residuals()
    {
        var greatest = 0.0;
        for (var row = 0; row < rows.Count; row++)
        {
            First[row] = (First[row] - (float)rows.Targets[row]) * weights[row];
            Second[row] = weights[row];
            greatest = Math.Max(greatest, Math.Abs(First[row]));
        }
        return greatest;
    }

    private void Softmax(int begin, int end)
    {
        var labels = rows.Labels;
        for (var row = begin; row < end; row++)
        {
            var margins = First.AsSpan(row * _width, _width);
            var greatest = float.MinValue;
            foreach (var margin in margins)
            {
                greatest = margin > greatest ? margin : greatest;
            }
            foreach (ref var margin in margins)
            {
                margin -= greatest;
            }
        }
        Exp(First.AsSpan(begin * _width, (end - begin) * _width));
        for (var row = begin; row < end; row++)
        {
            var powers = First.AsSpan(row * _width, _width);
            var seconds = Second.AsSpan(row * _width, powers.Length);
            var sum = 0.0;
            foreach (var power in powers)
            {
                sum += power;
            }
            var (divisor, weight) = ((float)sum, weights[row]);
            for (var c = 0; c < powers.Length; c++)
            {
                var p = powers[c] / divisor;
                powers[c] = p * weight;
                seconds[c] = 2 * p * (1 - p) * weight;
            }
            powers[labels[row]] -= weight;
        }
    }

    private static void Exp(Span<float> values)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        foreach (ref var vector in vectors)
        {
            vector = Vector.Exp(vector);
        }
        foreach (ref var value in values[(vectors.Length * Vector<float>.Count)..])
        {
            value = Vector.Exp(Vector.CreateScalar(value))[0];
        }
    }

    /// <summary>Multiples of the least power of two of which as many as there are rows sum without rounding.</summary>
    private readonly struct Grid(double greatest, int count)
    {
        // Of 1.5 times a bound of the sum the last bit, 2^-52 of that bound, is the step: adding and subtracting it rounds, ties to even.
        private readonly double _shift = greatest == 0 ? 0 : 1.5 * Math.ScaleB(1, Math.ILogB(greatest) + 1 + Math.ILogB(count) + 1);

        public void Round(Span<float> values)
        {
            var vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
            var shift = Vector.Create(_shift);
            foreach (ref var vector in vectors)
            {
                Vector.Widen(vector, out var low, out var high);
                vector = Vector.Narrow(low + shift - shift, high + shift - shift);
            }
            foreach (ref var value in values[(vectors.Length * Vector<float>.Count)..])
            {
                value = (float)(value + _shift - _shift);
            }
        }
    }
}
