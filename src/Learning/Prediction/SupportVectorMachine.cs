using System.Buffers;
using IrisOperator.Learning.Format;

namespace IrisOperator.Learning.Prediction;

/// <summary>
/// One-against-one C-SVC with Platt's sigmoid on each pair and pairwise coupling.
/// </summary>
/// <remarks>
/// Sums run in the order of the support vectors and of the features, as LIBSVM does it, so that both agree to the last
/// bits of exp(). Work arrays come from <see cref="WorkArray"/>: nothing is allocated for a prediction.
/// </remarks>
internal sealed class SupportVectorMachine : Predictor
{
    /// <summary>LIBSVM keeps every pairwise probability this far from 0 and 1.</summary>
    private const double MinProbability = 1e-7;

    private readonly VectorsDocument _document;
    private readonly int _classes;
    private readonly int[] _starts;

    /// <summary>Takes a document that <see cref="VectorsValidator"/> has passed.</summary>
    public SupportVectorMachine(VectorsDocument document, int classes)
    {
        (_document, _classes, _starts) = (document, classes, new int[classes + 1]);
        foreach (var vector in document.SupportVectors)
        {
            _starts[vector.Class + 1]++;
        }
        for (var c = 0; c < classes; c++)
        {
            _starts[c + 1] += _starts[c];
        }
    }

    public override void Predict(ReadOnlySpan<double> features, Span<double> probabilities)
    {
        using var standardised = new WorkArray(features.Length);
        using var kernels = new WorkArray(_document.SupportVectors.Length);
        using var pairwise = new WorkArray(_classes * _classes);
        Standardise(features, standardised.Span);
        var vectors = _document.SupportVectors;
        for (var v = 0; v < vectors.Length; v++)
        {
            kernels.Span[v] = Kernel(standardised.Span, vectors[v].Data);
        }
        Pairwise(kernels.Span, pairwise.Span);
        PairwiseCoupling.Solve(pairwise.Span, probabilities);
    }

    private void Standardise(ReadOnlySpan<double> features, Span<double> standardised)
    {
        for (var f = 0; f < features.Length; f++)
        {
            standardised[f] = (features[f] - _document.Mean[f]) / _document.Scale[f];
        }
    }

    private double Kernel(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var sum = 0.0;
        if (_document.Kernel == "rbf")
        {
            for (var i = 0; i < x.Length; i++)
            {
                var difference = x[i] - y[i];
                sum += difference * difference;
            }
            return Math.Exp(-_document.Gamma * sum);
        }
        for (var i = 0; i < x.Length; i++)
        {
            sum += x[i] * y[i];
        }
        return _document.Kernel == "linear" ? sum : Power((_document.Gamma * sum) + _document.Coef0, _document.Degree);
    }

    /// <summary>By repeated squaring, as LIBSVM does it; Math.Pow differs in the last bits.</summary>
    private static double Power(double number, int times)
    {
        var result = 1.0;
        for (var power = number; times > 0; times /= 2, power *= power)
        {
            if (times % 2 == 1)
            {
                result *= power;
            }
        }
        return result;
    }

    /// <summary>Fills a square matrix: entry (i, j) is the probability of class i against class j alone.</summary>
    private void Pairwise(ReadOnlySpan<double> kernels, Span<double> pairwise)
    {
        var pair = 0;
        for (var i = 0; i < _classes; i++)
        {
            for (var j = i + 1; j < _classes; j++, pair++)
            {
                var decision = Sum(kernels, i, j - 1) + Sum(kernels, j, i) - _document.Rho[pair];
                var probability = Sigmoid((decision * _document.ProbA[pair]) + _document.ProbB[pair]);
                // Inputs near the end of the range of double make infinite kernels, and their difference is not a number.
                probability = double.IsNaN(probability) ? 0.5 : Math.Clamp(probability, MinProbability, 1 - MinProbability);
                pairwise[(i * _classes) + j] = probability;
                pairwise[(j * _classes) + i] = 1 - probability;
            }
        }
    }

    private double Sum(ReadOnlySpan<double> kernels, int @class, int coefficient)
    {
        var sum = 0.0;
        for (var v = _starts[@class]; v < _starts[@class + 1]; v++)
        {
            sum += _document.SupportVectors[v].Coefficients[coefficient] * kernels[v];
        }
        return sum;
    }

    /// <summary>1 / (1 + exp(x)) without overflow for large x.</summary>
    private static double Sigmoid(double x) => x >= 0 ? Math.Exp(-x) / (1 + Math.Exp(-x)) : 1 / (1 + Math.Exp(x));
}

/// <summary>A rented array of the wanted length, cleared, given back on dispose.</summary>
internal readonly ref struct WorkArray
{
    private readonly double[] _rented;

    public WorkArray(int length)
    {
        _rented = ArrayPool<double>.Shared.Rent(length);
        Span = _rented.AsSpan(0, length);
        Span.Clear();
    }

    public Span<double> Span { get; }

    public void Dispose() => ArrayPool<double>.Shared.Return(_rented);
}

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
