namespace IrisOperator.Learning.Prediction;

/// <summary>Points and weights of Gauss and Legendre for integrals from 0 to 1: n points are exact up to degree 2n - 1.</summary>
internal sealed class Quadrature
{
    private const int MaxSteps = 100;

    /// <param name="count">Of points.</param>
    public Quadrature(int count)
    {
        (Points, Weights) = (new double[count], new double[count]);
        for (var i = 0; i < count; i++)
        {
            var (root, slope) = Root(count, Math.Cos(Math.PI * (i + 0.75) / (count + 0.5)));
            Points[i] = (1 - root) / 2;
            Weights[i] = 1 / ((1 - (root * root)) * slope * slope);
        }
    }

    public double[] Points { get; }

    public double[] Weights { get; }

    /// <summary>Newton's method from an approximation that is near enough for it to converge to that root.</summary>
    private static (double Root, double Slope) Root(int degree, double x)
    {
        var (value, slope) = Legendre(degree, x);
        for (var step = 0; step < MaxSteps; step++)
        {
            var next = x - (value / slope);
            var isFound = Math.Abs(next - x) <= 1e-15;
            x = next;
            (value, slope) = Legendre(degree, x);
            if (isFound)
            {
                break;
            }
        }
        return (x, slope);
    }

    /// <summary>Value and derivative of the Legendre polynomial, by the recurrence of Bonnet.</summary>
    private static (double Value, double Slope) Legendre(int degree, double x)
    {
        var (before, value) = (1.0, x);
        for (var n = 1; n < degree; n++)
        {
            (before, value) = (value, ((((2 * n) + 1) * x * value) - (n * before)) / (n + 1));
        }
        return (value, degree * ((x * value) - before) / ((x * x) - 1));
    }
}
