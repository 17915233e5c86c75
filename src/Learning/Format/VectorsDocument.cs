namespace IrisOperator.Learning.Format;

/// <summary>
/// A C-SVC with probability estimates. A row is standardised as (x - mean) / scale. Pairs of classes come in the order
/// (0,1), (0,2) … (0,k-1), (1,2) …; each has its own rho, probA and probB.
/// The kernel is "rbf", "linear" or "polynomial". The support vectors are grouped by class, in the order of the classes.
/// </summary>
internal sealed record VectorsDocument(
    string Kernel,
    double Gamma,
    double Coef0,
    int Degree,
    double[] Mean,
    double[] Scale,
    double[] Rho,
    double[] ProbA,
    double[] ProbB,
    SupportVectorDocument[] SupportVectors);

/// <summary>One standardised training row; coefficients against each other class, in the order of the classes without its own.</summary>
internal sealed record SupportVectorDocument(int Class, double[] Coefficients, double[] Data);
