using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using IrisOperator.Training.Data;

namespace IrisOperator.Training.Native;

/// <summary>
/// Hands rows to XGBoost some at a time, which keeps of each number the bin that it falls into and not the number (QuantileDMatrix): no
/// copy of the table is ever made.
/// </summary>
internal sealed unsafe class QuantileMatrix
{
    private const int CellsAtOnce = 1 << 20;

    private readonly LabelledRows _rows;
    private readonly float[] _batch;
    private readonly int _rowsAtOnce;
    private nint _proxy;
    private int _next;
    private ExceptionDispatchInfo? _failure;

    private QuantileMatrix(LabelledRows rows)
    {
        _rows = rows;
        _rowsAtOnce = Math.Clamp(CellsAtOnce / rows.Features, 1, rows.Count);
        _batch = GC.AllocateUninitializedArray<float>(_rowsAtOnce * rows.Features, pinned: true);
    }

    /// <param name="bins">How many a column has at most.</param>
    /// <returns>XGBoost's handle of the matrix, to be freed by the caller.</returns>
    /// <exception cref="NativeLibraryException">The library is missing or failed.</exception>
    public static nint Create(LabelledRows rows, int bins, int threads)
    {
        var source = new QuantileMatrix(rows);
        var handle = GCHandle.Alloc(source);
        try
        {
            XGBooster.Check(XGBoostApi.XGProxyDMatrixCreate(out source._proxy));
            var config = string.Create(CultureInfo.InvariantCulture, $$"""{"missing": NaN, "max_bin": {{bins}}, "nthread": {{threads}}}""");
            var result = XGBoostApi.XGQuantileDMatrixCreateFromCallback(
                GCHandle.ToIntPtr(handle), source._proxy, 0, &Reset, &Next, config, out var matrix);
            source._failure?.Throw();
            XGBooster.Check(result);
            return matrix;
        }
        catch (DllNotFoundException e)
        {
            throw NativeLibraryException.Missing(XGBoostApi.Library, XGBoostApi.Package, e);
        }
        finally
        {
            if (source._proxy != 0)
            {
                _ = XGBoostApi.XGDMatrixFree(source._proxy);
            }
            handle.Free();
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    private static void Reset(nint iterator) => Of(iterator)._next = 0;

    // No exception may pass through native code, and this is the only one there is.
    [UnmanagedCallersOnly(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    private static int Next(nint iterator)
    {
        var source = Of(iterator);
        try
        {
            return source.MoveNext() ? 1 : 0;
        }
        catch (NativeLibraryException e)
        {
            source._failure = ExceptionDispatchInfo.Capture(e);
            return 0;
        }
    }

    private static QuantileMatrix Of(nint iterator) => (QuantileMatrix)GCHandle.FromIntPtr(iterator).Target!;

    private bool MoveNext()
    {
        var count = Math.Min(_rowsAtOnce, _rows.Count - _next);
        if (count == 0)
        {
            return false;
        }
        _rows.CopyTo(_batch, _next, count);
        _next += count;
        var address = (nint)Marshal.UnsafeAddrOfPinnedArrayElement(_batch, 0);
        XGBooster.Check(XGBoostApi.XGProxyDMatrixSetDataDense(_proxy, string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"data": [{{address}}, true], "shape": [{{count}}, {{_rows.Features}}], "typestr": "<f4", "version": 3}""")));
        return true;
    }
}
