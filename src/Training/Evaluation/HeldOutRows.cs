using System.Globalization;
using IrisOperator.Training.Data;

namespace IrisOperator.Training.Evaluation;

/// <summary>How good models are on rows that they have not seen: of each fold, or of those that are held out, one model.</summary>
internal sealed class HeldOutRows
{
    private readonly Dataset _dataset;
    private readonly RowSplit _split;
    private readonly int[] _judged;
    private readonly double[] _answers;
    private readonly Metrics[] _parts;
    private readonly int _width;

    public HeldOutRows(Dataset dataset, RowSplit split, int seed)
    {
        (_dataset, _split, _judged, _parts) = (dataset, split, split.Judged(), new Metrics[split.Count]);
        _width = Math.Max(1, dataset.Rows.Classes);
        _answers = new double[(long)_judged.Length * _width];
        Importance = new PermutationImportance(dataset, split.Count, seed);
    }

    public PermutationImportance Importance { get; }

    /// <summary>On all rows that were held out from some model.</summary>
    public Metrics Metrics => _parts is [var only] ? only : Judge(_answers, _judged);

    /// <summary>Accuracy, or root of the mean squared error, of each part.</summary>
    public double[] Parts => [.. _parts.Select(part => part.Values[Metric])];

    private string Metric => _dataset.Rows.Classes == 0 ? MetricName.Rmse : MetricName.Accuracy;

    /// <summary>Judges by one part the model that has not seen it; one part after the other, as what is drawn depends on that.</summary>
    /// <returns>Such as: accuracy 0.9500 on 30 rows.</returns>
    public string Judge(int part, Model model, CancellationToken cancellationToken)
    {
        var rows = _split.RowsIn(part);
        var given = new double[(long)rows.Length * _width];
        RowAnswers.ForEach(
            model, _dataset.Rows, rows, (i, answer) => answer.CopyTo(given.AsSpan(i * _width, _width)), cancellationToken);
        Importance.Judge(model, rows);
        for (var (i, place) = (0, 0); i < rows.Length; place++)
        {
            if (_judged[place] == rows[i])
            {
                given.AsSpan(i++ * _width, _width).CopyTo(_answers.AsSpan(place * _width, _width));
            }
        }
        _parts[part] = Judge(given, rows);
        return string.Create(CultureInfo.InvariantCulture, $"{Metric} {_parts[part].Values[Metric]:F4} on {rows.Length} rows");
    }

    private Metrics Judge(double[] answers, int[] rows)
    {
        var table = _dataset.Rows;
        return table.Classes == 0
            ? Metrics.Of([.. rows.Select(row => table.Targets[row])], answers)
            : Metrics.Of(_dataset.Classes, [.. rows.Select(row => table.Labels[row])], answers);
    }
}
