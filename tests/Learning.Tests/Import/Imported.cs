using IrisOperator.Learning.Format;
using IrisOperator.Training.Import;

namespace IrisOperator.Learning.Tests.Import;

/// <summary>A model of another library, ready to be asked.</summary>
internal static class Imported
{
    public static Model Build(ForeignModel imported)
    {
        double[]? certain = imported.Classes == 0 ? null : [1, .. new double[imported.Classes - 1]];
        var document = new ModelDocument(
            0,
            imported.Algorithm,
            [.. Enumerable.Range(0, imported.Columns).Select(i => new FeatureDocument($"f{i:000}", 0, 1))],
            [.. Enumerable.Range(0, imported.Classes).Select(i => $"c{i:000}")],
            [],
            [new GoldenSampleDocument(new double[imported.Columns], 0, certain)],
            imported.Trees,
            DoubleTrees: imported.DoubleTrees,
            Linear: imported.Linear,
            Onnx: imported.Onnx);
        return ModelReader.FromDocument(document with { FormatVersion = document.NeededVersion });
    }
}
