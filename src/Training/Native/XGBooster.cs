using System.Runtime.InteropServices;

namespace IrisOperator.Training.Native;

/// <summary>One booster and the matrices that it takes over. Not thread-safe; every call must come from the same thread.</summary>
internal sealed unsafe class XGBooster : IDisposable
{
    private nint _matrix;
    private nint _watched;
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

    /// <param name="matrix">To learn from: an <see cref="ExactMatrix"/> or a <see cref="QuantileMatrix"/>.</param>
    /// <param name="watched">Rows that are answered while others are learned from; or 0.</param>
    public XGBooster(nint matrix, nint watched = 0)
    {
        (_matrix, _watched) = (matrix, watched);
        try
        {
            nint[] matrices = watched == 0 ? [matrix] : [matrix, watched];
            Check(XGBoostApi.XGBoosterCreate(matrices, (ulong)matrices.Length, out _booster));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public void Set(string name, string value) => Check(XGBoostApi.XGBoosterSetParam(_booster, name, value));

    public void Update(int round) => Check(XGBoostApi.XGBoosterUpdateOneIter(_booster, round, _matrix));

    /// <summary>Adds a tree per class by the derivatives of the loss at the margins, one per row and class.</summary>
    public void Boost(ReadOnlySpan<float> gradients, ReadOnlySpan<float> hessians) =>
        Check(XGBoostApi.XGBoosterBoostOneIter(_booster, _matrix, gradients, hessians, (ulong)gradients.Length));

    /// <summary>On the training rows; one probability per row and class, or one number per row.</summary>
    /// <returns>The library's own memory: valid until the next call.</returns>
    public ReadOnlySpan<float> Predict() => Predict(_matrix, options: 0);

    /// <summary>As <see cref="Predict()"/>, before the link.</summary>
    public ReadOnlySpan<float> Margins() => Predict(_matrix, options: 1);

    /// <summary>As <see cref="Predict()"/>, on other rows.</summary>
    public ReadOnlySpan<float> PredictWatched() => Predict(_watched, options: 0);

    /// <summary>Forgets the later ones.</summary>
    public void KeepRounds(int rounds)
    {
        Check(XGBoostApi.XGBoosterSlice(_booster, 0, rounds, 1, out var kept));
        _ = XGBoostApi.XGBoosterFree(_booster);
        _booster = kept;
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
        Free(ref _matrix);
        Free(ref _watched);
    }

    private static void Free(ref nint matrix)
    {
        if (matrix != 0)
        {
            _ = XGBoostApi.XGDMatrixFree(matrix);
            matrix = 0;
        }
    }

    private ReadOnlySpan<float> Predict(nint matrix, int options)
    {
        Check(XGBoostApi.XGBoosterPredict(_booster, matrix, options, 0, 0, out var length, out var values));
        return new ReadOnlySpan<float>((void*)values, checked((int)length));
    }

    internal static void Check(int result)
    {
        if (result != 0)
        {
            var error = Marshal.PtrToStringUTF8(XGBoostApi.XGBGetLastError()) ?? "";
            throw new NativeLibraryException($"xgboost: {error.Split('\n')[0].Trim()}");
        }
    }
}
