namespace IrisOperator.Learning.Native;

/// <summary>What svm_train found, in LIBSVM's own order (which is ours, since the rows come sorted by class).</summary>
/// <param name="Rows">Which training rows are support vectors, counted from 0.</param>
/// <param name="Coefficients">First index: 0 to classes - 2; second: support vector.</param>
/// <param name="Rho">One per pair of classes.</param>
/// <param name="ProbA">One per pair of classes.</param>
/// <param name="ProbB">One per pair of classes.</param>
/// <param name="Probabilities">LIBSVM's own answers on the training rows, row after row.</param>
internal sealed record SupportVectorResult(
    int[] Rows, double[][] Coefficients, double[] Rho, double[] ProbA, double[] ProbB, double[] Probabilities);
