namespace IrisOperator.Training.Evaluation;

/// <summary>The area below the receiver operating characteristic of one class against all others.</summary>
internal static class RocCurve
{
    /// <summary>
    /// How likely a row of the class gets a higher probability than a row of another, ties counted half: the statistic of Mann and
    /// Whitney from average ranks (J. Hanley, B. McNeil, "The meaning and use of the area under a ROC curve", 1982).
    /// </summary>
    /// <param name="scores">The probability of the class, for each row. Overwritten.</param>
    /// <param name="isOfClass">For each row.</param>
    /// <returns>From 0 to 1; null where all rows are of the class, or none is.</returns>
    public static double? Area(Span<double> scores, Span<bool> isOfClass)
    {
        var positives = (double)isOfClass.Count(true);
        var negatives = isOfClass.Length - positives;
        if (positives == 0 || negatives == 0)
        {
            return null;
        }

        scores.Sort(isOfClass);
        var ranks = 0.0;
        for (int begin = 0, end; begin < scores.Length; begin = end)
        {
            end = begin + 1;
            while (end < scores.Length && scores[end] == scores[begin])
            {
                end++;
            }

            // Ranks begin at 1, so those from begin + 1 to end have this mean.
            ranks += (begin + 1 + end) / 2.0 * isOfClass[begin..end].Count(true);
        }

        return (ranks - (positives * (positives + 1) / 2)) / (positives * negatives);
    }
}
