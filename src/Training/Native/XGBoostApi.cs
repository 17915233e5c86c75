using System.Runtime.InteropServices;

namespace IrisOperator.Training.Native;

/// <summary>
/// The few functions of XGBoost's C API that training needs (xgboost/c_api.h, stable since 1.7). All return 0 or, on
/// failure, -1 with the reason in XGBGetLastError, which belongs to the calling thread.
/// </summary>
internal static partial class XGBoostApi
{
    public const string Library = "libxgboost.so.0";
    public const string Package = "libxgboost0";

    [LibraryImport(Library)]
    public static partial void XGBoostVersion(out int major, out int minor, out int patch);

    [LibraryImport(Library)]
    public static partial nint XGBGetLastError();

    [LibraryImport(Library)]
    public static partial int XGDMatrixCreateFromMat(ReadOnlySpan<float> data, ulong rows, ulong columns, float missing, out nint matrix);

    [LibraryImport(Library)]
    public static partial int XGProxyDMatrixCreate(out nint proxy);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int XGProxyDMatrixSetDataDense(nint proxy, string arrayInterface);

    /// <param name="next">Sets the proxy's data to the next rows and returns 1, or 0 after the last.</param>
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static unsafe partial int XGQuantileDMatrixCreateFromCallback(
        nint iterator, nint proxy, nint reference, delegate* unmanaged[Cdecl]<nint, void> reset, delegate* unmanaged[Cdecl]<nint, int> next,
        string config, out nint matrix);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int XGDMatrixSetFloatInfo(nint matrix, string field, ReadOnlySpan<float> values, ulong length);

    [LibraryImport(Library)]
    public static partial int XGDMatrixFree(nint matrix);

    [LibraryImport(Library)]
    public static partial int XGBoosterCreate(ReadOnlySpan<nint> matrices, ulong count, out nint booster);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int XGBoosterSetParam(nint booster, string name, string value);

    [LibraryImport(Library)]
    public static partial int XGBoosterUpdateOneIter(nint booster, int iteration, nint matrix);

    [LibraryImport(Library)]
    public static partial int XGBoosterBoostOneIter(
        nint booster, nint matrix, ReadOnlySpan<float> gradients, ReadOnlySpan<float> hessians, ulong length);

    [LibraryImport(Library)]
    public static partial int XGBoosterSlice(nint booster, int begin, int end, int step, out nint slice);

    [LibraryImport(Library)]
    public static partial int XGBoosterPredict(
        nint booster, nint matrix, int options, uint treeLimit, int training, out ulong length, out nint values);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int XGBoosterSaveModelToBuffer(nint booster, string config, out ulong length, out nint bytes);

    [LibraryImport(Library)]
    public static partial int XGBoosterFree(nint booster);
}
