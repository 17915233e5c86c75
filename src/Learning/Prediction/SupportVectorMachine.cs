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

    private SupportVectorMachine(VectorsDocument document, int classes)
    {
        _document = document;
        _classes = classes;
        _starts = new int[classes + 1];
        foreach (var vector in document.SupportVectors)
        {
            _starts[vector.Class + 1]++;
        }
        for (var c = 0; c < classes; c++)
        {
            _starts[c + 1] += _starts[c];
        }
    }

    /// <summary>Takes a document that <see cref="VectorsValidator"/> has passed.</summary>
    public static SupportVectorMachine FromValid(VectorsDocument document, int classes) => new(document, classes);

    public override void PredictProbabilities(ReadOnlySpan<double> features, Span<double> probabilities)
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
