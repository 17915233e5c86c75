using System.Runtime.InteropServices;

namespace IrisOperator.Training.Native;

/// <summary>One booster and its training matrix. Not thread-safe; every call must come from the same thread.</summary>
internal sealed unsafe class XGBooster : IDisposable
{
    private nint _matrix;
    private nint _booster;

    public static string Version
    {
        get
        {
            try
            {
                XGBoostApi.XGBoostVersion(out var major, out var minor, out var patch);
                return $"{major}.{minor}.{patch}";
            }
            catch (DllNotFoundException e)
            {
                throw NativeLibraryException.Missing(XGBoostApi.Library, XGBoostApi.Package, e);
            }
        }
    }

    /// <param name="weights">How much each row counts.</param>
    public static XGBooster Create(ReadOnlySpan<float> values, int columns, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights)
    {
        var booster = new XGBooster();
        try
        {
            Check(XGBoostApi.XGDMatrixCreateFromMat(values, (ulong)labels.Length, (ulong)columns, float.NaN, out booster._matrix));
            Check(XGBoostApi.XGDMatrixSetFloatInfo(booster._matrix, "label", labels, (ulong)labels.Length));
            if (weights.ContainsAnyExcept(1))
            {
                Check(XGBoostApi.XGDMatrixSetFloatInfo(booster._matrix, "weight", weights, (ulong)weights.Length));
            }
            Check(XGBoostApi.XGBoosterCreate([booster._matrix], 1, out booster._booster));
            return booster;
        }
        catch (DllNotFoundException e)
        {
            throw NativeLibraryException.Missing(XGBoostApi.Library, XGBoostApi.Package, e);
        }
        catch
        {
            booster.Dispose();
            throw;
        }
    }

    public void Set(string name, string value) => Check(XGBoostApi.XGBoosterSetParam(_booster, name, value));

    public void Update(int round) => Check(XGBoostApi.XGBoosterUpdateOneIter(_booster, round, _matrix));

    /// <summary>On the training rows; one probability per row and class.</summary>
    public float[] Predict()
    {
        Check(XGBoostApi.XGBoosterPredict(_booster, _matrix, 0, 0, 0, out var length, out var values));
        return new ReadOnlySpan<float>((void*)values, checked((int)length)).ToArray();
    }

    /// <summary>The model in XGBoost's own JSON format.</summary>
    public byte[] Save()
    {
        Check(XGBoostApi.XGBoosterSaveModelToBuffer(_booster, """{"format":"json"}""", out var length, out var bytes));
        return new ReadOnlySpan<byte>((void*)bytes, checked((int)length)).ToArray();
    }

    public void Dispose()
    {
        if (_booster != 0)
        {
            _ = XGBoostApi.XGBoosterFree(_booster);
            _booster = 0;
        }
        if (_matrix != 0)
        {
            _ = XGBoostApi.XGDMatrixFree(_matrix);
            _matrix = 0;
        }
    }

    private static void Check(int result)
    {
        if (result != 0)
        {
            var error = Marshal.PtrToStringUTF8(XGBoostApi.XGBGetLastError()) ?? "";
            throw new NativeLibraryException($"xgboost: {error.Split('\n')[0].Trim()}");
        }
    }
}

/// <summary>
/// The few functions of XGBoost's C API that training needs (xgboost/c_api.h, stable since 1.6). All return 0 or, on
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
    public static partial int XGBoosterPredict(
        nint booster, nint matrix, int options, uint treeLimit, int training, out ulong length, out nint values);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int XGBoosterSaveModelToBuffer(nint booster, string config, out ulong length, out nint bytes);

    [LibraryImport(Library)]
    public static partial int XGBoosterFree(nint booster);
}
