using System.Runtime.InteropServices;

namespace IrisOperator.Learning.Native;

/// <summary>
/// LIBSVM's C interface (svm.h of 3.24). The beginning of svm_model, all that is read here, has been the same from 2.8
/// to 3.3x; the members after probB moved in 3.30.
/// </summary>
internal static unsafe partial class SvmApi
{
    public const string Library = "libsvm.so.3";
    public const string Package = "libsvm3";

    public const int CSvc = 0;
    public const int LinearKernel = 0;
    public const int PolynomialKernel = 1;
    public const int RbfKernel = 2;

    [LibraryImport(Library)]
    public static partial void svm_set_print_string_function(delegate* unmanaged[Cdecl]<byte*, void> print);

    [LibraryImport(Library)]
    public static partial byte* svm_check_parameter(Problem* problem, Parameter* parameter);

    [LibraryImport(Library)]
    public static partial SvmModel* svm_train(Problem* problem, Parameter* parameter);

    [LibraryImport(Library)]
    public static partial int svm_get_nr_class(SvmModel* model);

    [LibraryImport(Library)]
    public static partial int svm_get_nr_sv(SvmModel* model);

    [LibraryImport(Library)]
    public static partial void svm_get_sv_indices(SvmModel* model, int* indices);

    [LibraryImport(Library)]
    public static partial void svm_get_labels(SvmModel* model, int* labels);

    [LibraryImport(Library)]
    public static partial int svm_check_probability_model(SvmModel* model);

    [LibraryImport(Library)]
    public static partial double svm_predict_probability(SvmModel* model, SparseNode* row, double* probabilities);

    [LibraryImport(Library)]
    public static partial void svm_free_and_destroy_model(SvmModel** model);

    /// <summary>One entry of a sparse row; index -1 ends the row.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct SparseNode
    {
        public int Index;
        public double Value;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Problem
    {
        public int Length;
        public double* Labels;
        public SparseNode** Rows;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Parameter
    {
        public int SvmType;
        public int KernelType;
        public int Degree;
        public double Gamma;
        public double Coef0;
        public double CacheMegabytes;
        public double Epsilon;
        public double C;
        public int WeightCount;
        public int* WeightLabels;
        public double* Weights;
        public double Nu;
        public double P;
        public int Shrinking;
        public int Probability;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct SvmModel
    {
        public Parameter Parameter;
        public int Classes;
        public int Length;
        public SparseNode** SupportVectors;
        public double** Coefficients;
        public double* Rho;
        public double* ProbA;
        public double* ProbB;
    }
}
