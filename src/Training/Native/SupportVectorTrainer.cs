using System.Runtime.InteropServices;

namespace IrisOperator.Training.Native;

/// <summary>One call of svm_train, with everything copied out of the native model before it is freed.</summary>
internal static unsafe class SupportVectorTrainer
{
    /// <summary>
    /// LIBSVM shuffles by rand(), whose state is one for the whole process: seed and training must not interleave with
    /// another training, or the result would depend on timing.
    /// </summary>
    private static readonly Lock _oneAtATime = new();

    /// <param name="rows">Row after row, dense.</param>
    /// <param name="labels">The class of each row, ascending: LIBSVM numbers classes by first appearance.</param>
    /// <param name="seed">For the cross-validation behind the probability estimates.</param>
    public static SupportVectorResult Train(
        ReadOnlySpan<double> rows, ReadOnlySpan<int> labels, int columns, SvmApi.Parameter parameter, int seed)
    {
        var nodes = ToNodes(rows, labels.Length, columns);
        double[] targets = [.. labels];
        fixed (SvmApi.SparseNode* node = nodes)
        fixed (double* target = targets)
        {
            // The pointers point into the pinned array above.
            var pointers = new nint[labels.Length];
            for (var r = 0; r < pointers.Length; r++)
            {
                pointers[r] = (nint)(node + (r * (columns + 1)));
            }
            fixed (nint* first = pointers)
            {
                var problem = new SvmApi.Problem { Length = labels.Length, Labels = target, Rows = (SvmApi.SparseNode**)first };
                return Train(&problem, &parameter, seed);
            }
        }
    }

    private static SvmApi.SparseNode[] ToNodes(ReadOnlySpan<double> rows, int count, int columns)
    {
        var nodes = new SvmApi.SparseNode[count * (columns + 1)];
        for (var r = 0; r < count; r++)
        {
            var start = r * (columns + 1);
            for (var c = 0; c < columns; c++)
            {
                nodes[start + c] = new SvmApi.SparseNode { Index = c + 1, Value = rows[(r * columns) + c] };
            }
            nodes[start + columns].Index = -1;
        }
        return nodes;
    }

    private static SupportVectorResult Train(SvmApi.Problem* problem, SvmApi.Parameter* parameter, int seed)
    {
        try
        {
            lock (_oneAtATime)
            {
                SvmApi.svm_set_print_string_function(&Ignore);
                var error = SvmApi.svm_check_parameter(problem, parameter);
                if (error != null)
                {
                    throw new NativeLibraryException($"libsvm: {Marshal.PtrToStringUTF8((nint)error)}");
                }
                Libc.srand((uint)seed);
                var model = SvmApi.svm_train(problem, parameter);
                try
                {
                    return Copy(model, problem);
                }
                finally
                {
                    SvmApi.svm_free_and_destroy_model(&model);
                }
            }
        }
        catch (DllNotFoundException e)
        {
            throw NativeLibraryException.Missing(SvmApi.Library, SvmApi.Package, e);
        }
    }

    private static SupportVectorResult Copy(SvmApi.SvmModel* model, SvmApi.Problem* problem)
    {
        var classes = model->Classes;
        var length = model->Length;
        if (SvmApi.svm_get_nr_class(model) != classes || SvmApi.svm_get_nr_sv(model) != length
            || SvmApi.svm_check_probability_model(model) == 0)
        {
            throw new NativeLibraryException("libsvm: the layout of svm_model is not that of version 3.24");
        }
        var indices = new int[length];
        fixed (int* first = indices)
        {
            SvmApi.svm_get_sv_indices(model, first);
        }
        var pairs = classes * (classes - 1) / 2;
        var coefficients = new double[classes - 1][];
        for (var c = 0; c < coefficients.Length; c++)
        {
            coefficients[c] = new ReadOnlySpan<double>(model->Coefficients[c], length).ToArray();
        }
        var probabilities = new double[problem->Length * classes];
        fixed (double* first = probabilities)
        {
            for (var r = 0; r < problem->Length; r++)
            {
                _ = SvmApi.svm_predict_probability(model, problem->Rows[r], first + (r * classes));
            }
        }
        return new SupportVectorResult(
            [.. indices.Select(i => i - 1)],
            coefficients,
            new ReadOnlySpan<double>(model->Rho, pairs).ToArray(),
            new ReadOnlySpan<double>(model->ProbA, pairs).ToArray(),
            new ReadOnlySpan<double>(model->ProbB, pairs).ToArray(),
            probabilities);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    private static void Ignore(byte* text)
    {
    }
}

/// <summary>What svm_train found, in LIBSVM's own order (which is ours, since the rows come sorted by class).</summary>
/// <param name="Rows">Which training rows are support vectors, counted from 0.</param>
/// <param name="Coefficients">First index: 0 to classes - 2; second: support vector.</param>
/// <param name="Rho">One per pair of classes, as ProbA and ProbB.</param>
/// <param name="Probabilities">LIBSVM's own answers on the training rows, row after row.</param>
internal sealed record SupportVectorResult(
    int[] Rows, double[][] Coefficients, double[] Rho, double[] ProbA, double[] ProbB, double[] Probabilities);

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
