using IrisOperator.Training.Import;
using IrisOperator.Training.Import.Onnx;

namespace IrisOperator.Learning.Tests.Import.Onnx;

/// <summary>Compares an imported graph with what ONNX Runtime answers.</summary>
internal static class Judge
{
    /// <summary>The same probabilities, or numbers, to 1e-6 on every row.</summary>
    public static ForeignModel SameAnswers(byte[] graph, double[][] rows, string output)
    {
        var imported = OnnxModel.Read(graph);
        var model = Imported.Build(imported);
        var expected = Runtime.Run(graph, rows, output);
        var answers = new double[model.Answers];
        foreach (var (row, values) in rows.Index())
        {
            model.PredictProbabilities(values, answers);

            // A single probability is that of the second of two classes.
            var answered = expected[row].Length == 1 && answers.Length == 2 ? answers.AsSpan(1) : answers;
            Assert.Equal(expected[row].Length, answered.Length);
            for (var a = 0; a < answered.Length; a++)
            {
                Assert.Equal(expected[row][a], answered[a], 1e-6 * Math.Max(1, Math.Abs(answered[a])));
            }
        }
        return imported;
    }
}
