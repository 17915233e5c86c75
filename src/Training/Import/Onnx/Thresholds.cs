namespace IrisOperator.Training.Import.Onnx;

/// <summary>From comparisons of numbers that a graph has cast and scaled to comparisons of the numbers of the row.</summary>
internal static class Thresholds
{
    /// <summary>The number t for which "x is less than t" says what the graph asks of its own number and threshold.</summary>
    /// <param name="isStrict">Less than; else at most.</param>
    /// <returns>Of float32 where the column is; may be infinite.</returns>
    public static double Below(ColumnTerm column, double threshold, bool isStrict)
    {
        if (column.IsDouble)
        {
            return isStrict ? threshold : Math.BitIncrement(threshold);
        }
        if (column.Scalings.Count == 0)
        {
            // A threshold of float64 between two numbers of float32 parts them where the upper one does.
            var single = (float)threshold;
            return single > threshold || (isStrict && single == threshold) ? single : MathF.BitIncrement(single);
        }
        if (column.Scalings.Any(scaling => !(scaling.Scale > 0)))
        {
            throw new NotInDocumentException("a column is scaled by a number that is not above 0");
        }
        return FirstBeyond(column, threshold, isStrict);
    }

    /// <summary>
    /// Scaling by a positive number keeps the order of numbers even when it rounds, so the first number of float32 that is not below the
    /// threshold is found by halving.
    /// </summary>
    private static float FirstBeyond(ColumnTerm column, double threshold, bool isStrict)
    {
        var (low, high) = (Rank(float.NegativeInfinity), Rank(float.PositiveInfinity));
        while (high - low > 1)
        {
            var middle = low + ((high - low) / 2);
            var scaled = column.Apply(OfRank(middle));
            if (isStrict ? scaled < threshold : scaled <= threshold)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }
        return OfRank(high);
    }

    /// <summary>A whole number for each of float32, in their order.</summary>
    private static long Rank(float value)
    {
        var bits = BitConverter.SingleToInt32Bits(value);
        return bits >= 0 ? bits : int.MinValue - (long)bits;
    }

    private static float OfRank(long rank) => BitConverter.Int32BitsToSingle((int)(rank >= 0 ? rank : int.MinValue - rank));
}
