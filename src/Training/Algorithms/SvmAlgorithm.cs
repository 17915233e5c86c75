using IrisOperator.Learning.Format;
using IrisOperator.Training.Data;
using IrisOperator.Training.Native;

namespace IrisOperator.Training.Algorithms;

/// <summary>
/// A C-SVC by LIBSVM with probability estimates. Features are standardised with mean and standard deviation of the
/// training rows, which travel with the model; a constant feature becomes 0.
/// </summary>
internal sealed class SvmAlgorithm : Algorithm
{
    private const string Kernel = "kernel";
    private const string Gamma = "gamma";

    /// <summary>Without a constant term a polynomial of even degree could not tell x from -x.</summary>
    private const double Coef0 = 1;

    public override string Name => "svm";

    public override IReadOnlyList<TableTask> Tasks => [TableTask.Classification];

    public override IReadOnlyList<ParameterDefinition> Parameters { get; } =
    [
        ParameterDefinition.Choice(Kernel, "rbf", "rbf", "linear", "polynomial"),
        ParameterDefinition.Number("c", 1, 0, 1e6, aboveMin: true),
        ParameterDefinition.NumberOrAuto(Gamma, 0, 1e6, aboveMin: true),
        ParameterDefinition.Integer("degree", 3, 1, Limits.PolynomialDegree),
    ];

    /// <summary>Double arithmetic in the same order; only exp() may differ in the last bits.</summary>
    public override double Tolerance => 1e-9;

    public override string Library => "libsvm";

    internal override ParameterSet Complete(ParameterSet parameters, LabelledRows rows) =>
        parameters.Text(Gamma) == "auto" ? parameters.With(Gamma, 1.0 / rows.Features) : parameters;

    internal override Fit Fit(LabelledRows rows, FitOptions options, CancellationToken cancellationToken)
    {
        var (parameters, seed) = (options.Parameters, options.Seed);
        cancellationToken.ThrowIfCancellationRequested();
        var scaler = Standardisation.Of(rows);
        // Sorted by class (a stable sort), so that LIBSVM numbers the classes as we do.
        int[] order = [.. Enumerable.Range(0, rows.Count).OrderBy(row => rows.Labels[row])];
        var sorted = rows.Take(order);
        var standardised = scaler.Apply(sorted);
        var result = SupportVectorTrainer.Train(standardised, sorted.Labels, rows.Features, NativeParameter(parameters), seed);
        SupportVectorDocument[] vectors =
        [
            .. result.Rows.Select((row, v) => new SupportVectorDocument(
                sorted.Labels[row],
                [.. result.Coefficients.Select(c => c[v])],
                standardised.AsSpan(row * rows.Features, rows.Features).ToArray())),
        ];
        var document = new VectorsDocument(
            parameters.Text(Kernel),
            parameters.Number(Gamma),
            Coef0,
            parameters.Integer("degree"),
            scaler.Mean, scaler.Scale, result.Rho, result.ProbA, result.ProbB, vectors);
        return new Fit(rows, InOrder(result.Probabilities, order, rows.Classes)) { Vectors = document };
    }

    private static SvmApi.Parameter NativeParameter(ParameterSet parameters) => new()
    {
        SvmType = SvmApi.CSvc,
        KernelType = parameters.Text(Kernel) switch
        {
            "linear" => SvmApi.LinearKernel,
            "polynomial" => SvmApi.PolynomialKernel,
            _ => SvmApi.RbfKernel,
        },
        Degree = parameters.Integer("degree"),
        Gamma = parameters.Number(Gamma),
        Coef0 = Coef0,
        C = parameters.Number("c"),
        CacheMegabytes = 100,
        Epsilon = 1e-3,
        Shrinking = 1,
        Probability = 1,
    };

    /// <summary>From the order of the sorted rows back to that of the caller.</summary>
    private static double[] InOrder(double[] probabilities, int[] order, int classes)
    {
        var result = new double[probabilities.Length];
        for (var i = 0; i < order.Length; i++)
        {
            probabilities.AsSpan(i * classes, classes).CopyTo(result.AsSpan(order[i] * classes));
        }
        return result;
    }
}

/// <summary>Mean and population standard deviation of each feature; the scale of a constant feature is 1.</summary>
internal sealed record Standardisation(double[] Mean, double[] Scale)
{
    public static Standardisation Of(LabelledRows rows)
    {
        var (first, row) = (rows.Row(0), new double[rows.Features]);
        var (mean, variance) = (new double[rows.Features], new double[rows.Features]);
        var isConstant = Enumerable.Repeat(true, rows.Features).ToArray();
        for (var r = 0; r < rows.Count; r++)
        {
            rows.CopyTo(r, row);
            for (var f = 0; f < row.Length; f++)
            {
                mean[f] += row[f] / rows.Count;
                isConstant[f] &= row[f] == first[f];
            }
        }
        for (var r = 0; r < rows.Count; r++)
        {
            rows.CopyTo(r, row);
            for (var f = 0; f < row.Length; f++)
            {
                variance[f] += (row[f] - mean[f]) * (row[f] - mean[f]) / rows.Count;
            }
        }
        // Of a constant the computed mean may be off in the last bit, and a scale of 1e-17 would blow that up to 1.
        return new Standardisation(
            [.. mean.Select((value, f) => isConstant[f] ? first[f] : value)],
            [.. variance.Select((value, f) => isConstant[f] || !(value > 0) ? 1 : Math.Sqrt(value))]);
    }

    /// <summary>Row after row, with the arithmetic of the predictor.</summary>
    public double[] Apply(LabelledRows rows)
    {
        var result = rows.ToArray();
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = Apply(result[i], i % rows.Features);
        }
        return result;
    }

    public double Apply(double value, int feature) => (value - Mean[feature]) / Scale[feature];
}
