namespace IrisOperator.Learning.Format;

/// <summary>
/// A C-SVC with probability estimates. A row is standardised as (x - mean) / scale. Pairs of classes come in the order
/// (0,1), (0,2) … (0,k-1), (1,2) …; each has its own rho, probA and probB.
/// The kernel is "rbf", "linear" or "polynomial". The support vectors are grouped by class, in the order of the classes.
/// </summary>
internal sealed record VectorsDocument(
    string Kernel, double Gamma, double Coef0, int Degree, double[] Mean, double[] Scale, double[] Rho, double[] ProbA, double[] ProbB,
    SupportVectorDocument[] SupportVectors);

/// <summary>One standardised training row; coefficients against each other class, in the order of the classes without its own.</summary>
internal sealed record SupportVectorDocument(int Class, double[] Coefficients, double[] Data);

internal static class VectorsValidator
{
    public static void Validate(VectorsDocument document, int features, int classes)
    {
        Check.That(document.Kernel is "rbf" or "linear" or "polynomial", "vectors.kernel", "expected rbf, linear or polynomial");
        Check.Finite("vectors.gamma", document.Gamma);
        Check.Finite("vectors.coef0", document.Coef0);
        Check.That(document.Gamma >= 0, "vectors.gamma", "expected a number of at least 0");
        Check.That(
            document.Degree is >= 1 and <= Limits.PolynomialDegree,
            "vectors.degree", $"expected 1 to {Limits.PolynomialDegree}, found {document.Degree}");
        Check.Numbers("vectors.mean", document.Mean, features);
        Check.Numbers("vectors.scale", document.Scale, features);
        Check.That(document.Scale.All(s => s > 0), "vectors.scale", "expected numbers above 0");
        var pairs = classes * (classes - 1) / 2;
        Check.Numbers("vectors.rho", document.Rho, pairs);
        Check.Numbers("vectors.probA", document.ProbA, pairs);
        Check.Numbers("vectors.probB", document.ProbB, pairs);
        SupportVectors(document.SupportVectors, features, classes);
    }

    private static void SupportVectors(SupportVectorDocument[] vectors, int features, int classes)
    {
        Check.Count("vectors.supportVectors", vectors.Length, 1, Limits.SupportVectors);
        Check.NoNulls("vectors.supportVectors", vectors);
        var previous = 0;
        for (var v = 0; v < vectors.Length; v++)
        {
            var where = $"vectors.supportVectors[{v}]";
            Check.Index($"{where}.class", vectors[v].Class, classes);
            Check.That(vectors[v].Class >= previous, $"{where}.class", "the support vectors must be grouped by class");
            previous = vectors[v].Class;
            Check.Numbers($"{where}.coefficients", vectors[v].Coefficients, classes - 1);
            Check.Numbers($"{where}.data", vectors[v].Data, features);
        }
    }
}
