using IrisOperator.Training.Data;

namespace IrisOperator.Training.Native;

/// <summary>Rows as XGBoost takes them for exact splits, which needs all numbers.</summary>
internal static class ExactMatrix
{
    /// <param name="weights">How much each row counts.</param>
    /// <returns>XGBoost's handle of the matrix, to be freed by the caller.</returns>
    /// <exception cref="NativeLibraryException">The library is missing or failed.</exception>
    public static nint Create(LabelledRows rows, ReadOnlySpan<float> weights)
    {
        nint matrix = 0;
        try
        {
            XGBooster.Check(XGBoostApi.XGDMatrixCreateFromMat(
                rows.ToSingles(), (ulong)rows.Count, (ulong)rows.Features, float.NaN, out matrix));
            float[] labels = rows.Classes == 0 ? [.. rows.Targets.ToArray().Select(target => (float)target)] : [.. rows.Labels];
            XGBooster.Check(XGBoostApi.XGDMatrixSetFloatInfo(matrix, "label", labels, (ulong)labels.Length));
            if (weights.ContainsAnyExcept(1))
            {
                XGBooster.Check(XGBoostApi.XGDMatrixSetFloatInfo(matrix, "weight", weights, (ulong)weights.Length));
            }
            return matrix;
        }
        catch (DllNotFoundException e)
        {
            throw NativeLibraryException.Missing(XGBoostApi.Library, XGBoostApi.Package, e);
        }
        catch
        {
            _ = XGBoostApi.XGDMatrixFree(matrix);
            throw;
        }
    }
}
