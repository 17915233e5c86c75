using IrisOperator.Learning.Format;
using IrisOperator.Learning.Prediction;
using Microsoft.ML.OnnxRuntime;

namespace IrisOperator.Learning.Onnx;

/// <summary>Runs a graph by ONNX Runtime, whose native library is loaded with the first of these and not before.</summary>
internal sealed class OnnxPredictor : Predictor
{
    private readonly OnnxSession _session;
    private readonly int[]? _order;

    private OnnxPredictor(OnnxSession session, int[]? order) => (_session, _order) = (session, order);

    /// <exception cref="ModelFormatException">A graph that is damaged or refused, has another shape, or fails on zeros.</exception>
    public static OnnxPredictor Load(GraphDocument document, Shape shape)
    {
        if (document.Order is { } order)
        {
            Check.That(
                order.Order().SequenceEqual(Enumerable.Range(0, shape.Answers)) && !shape.IsRegression,
                "onnx.order", $"expected each number from 0 to {shape.Answers - 1} once, and classes");
        }
        OnnxSession? session = null;
        try
        {
            session = OnnxSession.Open(document.Graph, document.Output);
            Check.That(
                session.Columns == shape.Columns,
                "onnx.graph", $"expected an input of {shape.Columns} columns, found {session.Columns}");
            var numbers = session.Run(new double[shape.Columns]).Length;
            Check.That(
                numbers == shape.Answers || (numbers == 1 && shape.Answers == 2 && document.Order is null),
                "onnx.output", $"expected {shape.Answers} numbers for a row, found {numbers}");
            return new OnnxPredictor(session, document.Order);
        }
        catch (Exception e) when (e is FormatException or OnnxRuntimeException)
        {
            session?.Dispose();
            throw Check.Wrong("onnx.graph", ModelReader.OneLine(e.Message));
        }
    }

    /// <summary>NaN where the runtime fails on a row.</summary>
    public override void Predict(ReadOnlySpan<double> columns, Span<double> answers)
    {
        double[] numbers;
        try
        {
            numbers = _session.Run(columns);
        }
        catch (OnnxRuntimeException)
        {
            numbers = [];
        }
        if (numbers.Length == 1 && answers.Length == 2)
        {
            answers[1] = Math.Clamp(numbers[0], 0, 1);
            answers[0] = 1 - answers[1];
        }
        else if (numbers.Length != answers.Length)
        {
            answers.Fill(double.NaN);
        }
        else if (answers.Length == 1)
        {
            answers[0] = numbers[0];
        }
        else
        {
            // Sums of rounded numbers may lie a little beyond 1.
            for (var i = 0; i < numbers.Length; i++)
            {
                answers[_order?[i] ?? i] = numbers[i] is > 1 and < 1 + 1e-6 ? 1 : numbers[i];
            }
        }
    }
}
