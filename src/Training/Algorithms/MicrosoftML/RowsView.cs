using IrisOperator.Training.Data;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace IrisOperator.Training.Algorithms.MicrosoftML;

/// <summary>
/// Rows as Microsoft.ML reads them, without a copy of the whole: the features as one vector of float32, a label, and a weight. The
/// label is a key from 1 up, whether a row is of one class, or the number to predict.
/// </summary>
internal sealed class RowsView : IDataView
{
    public const string Features = "Features";
    public const string Label = "Label";
    public const string Weight = "Weight";

    private readonly LabelledRows _rows;
    private readonly float[] _weights;
    private readonly int? _positive;
    private readonly Standardisation? _scaler;
    private readonly int _first;
    private readonly int _end;

    /// <param name="weights">One per row.</param>
    /// <param name="positive">The class that is told from all others; null to tell each from each.</param>
    /// <param name="scaler">What is applied to the features; null to leave them as they are.</param>
    public RowsView(LabelledRows rows, float[] weights, int? positive = null, Standardisation? scaler = null)
    {
        (_rows, _weights, _positive, _scaler, _end) = (rows, weights, positive, scaler, rows.Count);
        var schema = new DataViewSchema.Builder();
        schema.AddColumn(Features, new VectorDataViewType(NumberDataViewType.Single, rows.Features));
        schema.AddColumn(Label, (rows.Classes, positive) switch
        {
            (0, _) => NumberDataViewType.Single,
            (var classes, null) => new KeyDataViewType(typeof(uint), classes),
            _ => BooleanDataViewType.Instance,
        });
        schema.AddColumn(Weight, NumberDataViewType.Single);
        Schema = schema.ToSchema();
    }

    private RowsView(RowsView whole, int first, int count)
    {
        (_rows, _weights, _positive, _scaler, Schema) = (whole._rows, whole._weights, whole._positive, whole._scaler, whole.Schema);
        (_first, _end) = (whole._first + first, whole._first + first + count);
    }

    public DataViewSchema Schema { get; }

    /// <summary>Mean weight of the rows of the positive class, divided by that of all others.</summary>
    public double PositiveWeight
    {
        get
        {
            var positive = Enumerable.Range(0, _rows.Count).ToLookup(row => _rows.Labels[row] == _positive, row => _weights[row]);
            return positive[true].Average() / positive[false].Average();
        }
    }

    /// <summary>Rows stay in the order of the file: another order gives other sums.</summary>
    public bool CanShuffle => false;

    public long? GetRowCount() => _end - _first;

    /// <summary>Some rows in sequence.</summary>
    public RowsView Slice(int first, int count) => new(this, first, count);

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(this, [.. columnsNeeded.Select(column => column.Index)]);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(RowsView view, HashSet<int> active) : DataViewRowCursor
    {
        private readonly double[] _numbers = new double[view._rows.Features];
        private int _row = view._first - 1;

        public override DataViewSchema Schema => view.Schema;

        public override long Position => _row - view._first;

        public override long Batch => 0;

        public override bool MoveNext()
        {
            _row = Math.Min(_row + 1, view._end);
            return _row < view._end;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)_row, 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Delegate getter = column.Name switch
            {
                Features => new ValueGetter<VBuffer<float>>(GetFeatures),
                Label when view._positive is { } positive =>
                    new ValueGetter<bool>((ref bool value) => value = view._rows.Labels[_row] == positive),
                Label when view._rows.Classes == 0 =>
                    new ValueGetter<float>((ref float value) => value = (float)view._rows.Targets[_row]),
                Label => new ValueGetter<uint>((ref uint value) => value = (uint)view._rows.Labels[_row] + 1),
                _ => new ValueGetter<float>((ref float value) => value = view._weights[_row]),
            };
            return (ValueGetter<TValue>)getter;
        }

        private void GetFeatures(ref VBuffer<float> value)
        {
            view._rows.CopyTo(_row, _numbers);
            var row = _numbers;
            var editor = VBufferEditor.Create(ref value, row.Length);
            for (var f = 0; f < row.Length; f++)
            {
                editor.Values[f] = (float)(view._scaler?.Apply(row[f], f) ?? row[f]);
            }
            value = editor.Commit();
        }
    }
}
