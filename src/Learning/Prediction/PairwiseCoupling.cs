namespace IrisOperator.Learning.Prediction;

/// <summary>
/// From the probabilities of each class against each other one to one distribution over all classes: the second
/// approach (section 4.2, algorithm 2) of Wu, Lin and Weng, "Probability Estimates for Multi-class Classification by
/// Pairwise Coupling", JMLR 5 (2004).
/// </summary>
/// <remarks>
/// Start, order of the updates and stopping rule are those that LIBSVM uses (p = 1/k, largest deviation below 0.005/k,
/// at most max(100, k) rounds), since the answer of an iteration that stops early depends on them.
/// </remarks>
internal static class PairwiseCoupling
{
    /// <param name="pairwise">Row-major k by k; entry (i, j) is the probability of i against j, entry (j, i) its complement.</param>
    /// <param name="p">Receives the distribution; its length is k.</param>
    public static void Solve(ReadOnlySpan<double> pairwise, Span<double> p)
    {
        var k = p.Length;
        if (k == 2)
        {
            // The one pair is the answer; LIBSVM does not iterate here either.
            p[0] = pairwise[1];
            p[1] = pairwise[2];
            return;
        }
        using var matrix = new WorkArray(k * k);
        using var products = new WorkArray(k);
        var q = matrix.Span;
        var qp = products.Span;
        BuildQ(pairwise, q, k);
        p.Fill(1.0 / k);
        var tolerance = 0.005 / k;
        var rounds = Math.Max(100, k);
        for (var round = 0; round < rounds; round++)
        {
            var quadratic = Multiply(q, p, qp);
            if (LargestDeviation(qp, quadratic) < tolerance)
            {
                return;
            }
            for (var t = 0; t < k; t++)
            {
                quadratic = Update(q, p, qp, t, quadratic);
            }
        }
    }

    /// <summary>Q(t,t) is the sum over j of r(j,t)², Q(t,j) is -r(j,t) r(t,j).</summary>
    private static void BuildQ(ReadOnlySpan<double> r, Span<double> q, int k)
    {
        for (var t = 0; t < k; t++)
        {
            for (var j = 0; j < k; j++)
            {
                if (j == t)
                {
                    continue;
                }
                q[(t * k) + t] += r[(j * k) + t] * r[(j * k) + t];
                q[(t * k) + j] = -r[(j * k) + t] * r[(t * k) + j];
            }
        }
    }

    /// <summary>Computes Qp anew, to keep rounding errors of the updates from adding up, and returns p'Qp.</summary>
    private static double Multiply(ReadOnlySpan<double> q, ReadOnlySpan<double> p, Span<double> qp)
    {
        var k = p.Length;
        var quadratic = 0.0;
        for (var t = 0; t < k; t++)
        {
            qp[t] = 0;
            for (var j = 0; j < k; j++)
            {
                qp[t] += q[(t * k) + j] * p[j];
            }
            quadratic += p[t] * qp[t];
        }
        return quadratic;
    }

    private static double LargestDeviation(ReadOnlySpan<double> qp, double quadratic)
    {
        var largest = 0.0;
        foreach (var value in qp)
        {
            largest = Math.Max(largest, Math.Abs(value - quadratic));
        }
        return largest;
    }

    /// <summary>Solves for p[t] with the others fixed, then scales p back to sum 1; returns the new p'Qp.</summary>
    private static double Update(ReadOnlySpan<double> q, Span<double> p, Span<double> qp, int t, double quadratic)
    {
        var k = p.Length;
        var step = (quadratic - qp[t]) / q[(t * k) + t];
        p[t] += step;
        quadratic = (quadratic + (step * ((step * q[(t * k) + t]) + (2 * qp[t])))) / (1 + step) / (1 + step);
        for (var j = 0; j < k; j++)
        {
            qp[j] = (qp[j] + (step * q[(t * k) + j])) / (1 + step);
            p[j] /= 1 + step;
        }
        return quadratic;
    }
}
