using System.Runtime.InteropServices;
using System.Text;

namespace IrisOperator.Learning.Tests.Import;

/// <summary>LightGBM itself, by its C API (include/LightGBM/c_api.h).</summary>
internal sealed partial class LightGbmLibrary : IDisposable
{
    private const string Library = "lib_lightgbm";
    private const int Float32 = 0;
    private const int Float64 = 1;
    private const int Normal = 0;
    private const int Contributions = 3;

    private readonly nint _dataset;
    private readonly nint _booster;

    /// <param name="rows">Row after row; NaN is missing.</param>
    public LightGbmLibrary(double[] rows, int columns, float[] labels, string parameters, int rounds)
    {
        Check(LGBM_DatasetCreateFromMat(rows, Float64, labels.Length, columns, 1, parameters, 0, out _dataset));
        Check(LGBM_DatasetSetField(_dataset, "label", labels, labels.Length, Float32));
        Check(LGBM_BoosterCreate(_dataset, parameters, out _booster));
        for (var round = 0; round < rounds; round++)
        {
            Check(LGBM_BoosterUpdateOneIter(_booster, out _));
        }
    }

    /// <summary>What booster_.save_model writes.</summary>
    public string Save()
    {
        var buffer = new byte[1 << 20];
        Check(LGBM_BoosterSaveModelToString(_booster, 0, -1, 0, buffer.Length, out var length, buffer));
        return Encoding.UTF8.GetString(buffer, 0, checked((int)length - 1));
    }

    /// <returns>Row after row, the library's answers.</returns>
    public double[] Predict(double[] rows, int columns, int answers) => Predict(rows, columns, answers, Normal);

    /// <returns>Row after row, margin after margin, what each column contributes, and then the base value.</returns>
    public double[] Contribute(double[] rows, int columns, int margins) =>
        Predict(rows, columns, margins * (columns + 1), Contributions);

    public void Dispose()
    {
        _ = LGBM_BoosterFree(_booster);
        _ = LGBM_DatasetFree(_dataset);
    }

    private double[] Predict(double[] rows, int columns, int answers, int kind)
    {
        var count = rows.Length / columns;
        var result = new double[count * answers];
        Check(LGBM_BoosterPredictForMat(_booster, rows, Float64, count, columns, 1, kind, 0, -1, "", out var length, result));
        Assert.Equal(result.Length, length);
        return result;
    }

    private static void Check(int result) => Assert.Equal(0, result);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LGBM_DatasetCreateFromMat(
        double[] data, int type, int rows, int columns, int isRowMajor, string parameters, nint reference, out nint dataset);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LGBM_DatasetSetField(nint dataset, string name, float[] values, int count, int type);

    [LibraryImport(Library)]
    private static partial int LGBM_DatasetFree(nint dataset);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LGBM_BoosterCreate(nint dataset, string parameters, out nint booster);

    [LibraryImport(Library)]
    private static partial int LGBM_BoosterUpdateOneIter(nint booster, out int isFinished);

    [LibraryImport(Library)]
    private static partial int LGBM_BoosterSaveModelToString(
        nint booster, int start, int count, int importance, long capacity, out long length, byte[] text);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LGBM_BoosterPredictForMat(
        nint booster, double[] data, int type, int rows, int columns, int isRowMajor, int kind, int start, int count, string parameters,
        out long length, double[] result);

    [LibraryImport(Library)]
    private static partial int LGBM_BoosterFree(nint booster);
}
