namespace IrisOperator.Learning.Format;

internal static class VectorsValidator
{
    public static void Validate(VectorsDocument document, int features, int classes)
    {
        if (document.Kernel is not ("rbf" or "linear" or "polynomial"))
        {
            throw Check.Wrong("vectors.kernel", "expected rbf, linear or polynomial");
        }
        Check.Finite("vectors.gamma", document.Gamma);
        Check.Finite("vectors.coef0", document.Coef0);
        if (document.Gamma < 0)
        {
            throw Check.Wrong("vectors.gamma", "expected a number of at least 0");
        }
        if (document.Degree is < 1 or > Limits.PolynomialDegree)
        {
            throw Check.Wrong("vectors.degree", Check.Invariant($"expected 1 to {Limits.PolynomialDegree}, found {document.Degree}"));
        }
        Numbers("vectors.mean", document.Mean, features);
        Numbers("vectors.scale", document.Scale, features);
        if (document.Scale.Any(s => s <= 0))
        {
            throw Check.Wrong("vectors.scale", "expected numbers above 0");
        }
        var pairs = classes * (classes - 1) / 2;
        Numbers("vectors.rho", document.Rho, pairs);
        Numbers("vectors.probA", document.ProbA, pairs);
        Numbers("vectors.probB", document.ProbB, pairs);
        SupportVectors(document.SupportVectors, features, classes);
    }

    private static void SupportVectors(SupportVectorDocument[] vectors, int features, int classes)
    {
        Check.Count("vectors.supportVectors", vectors.Length, 1, Limits.SupportVectors);
        Check.NoNulls("vectors.supportVectors", vectors);
        var previous = 0;
        for (var v = 0; v < vectors.Length; v++)
        {
            var where = Check.Invariant($"vectors.supportVectors[{v}]");
            Check.Index($"{where}.class", vectors[v].Class, classes);
            if (vectors[v].Class < previous)
            {
                throw Check.Wrong($"{where}.class", "the support vectors must be grouped by class");
            }
            previous = vectors[v].Class;
            Numbers($"{where}.coefficients", vectors[v].Coefficients, classes - 1);
            Numbers($"{where}.data", vectors[v].Data, features);
        }
    }

    private static void Numbers(string where, double[] values, int expected)
    {
        Check.Length(where, values.Length, expected);
        Check.AllFinite(where, values);
    }
}
