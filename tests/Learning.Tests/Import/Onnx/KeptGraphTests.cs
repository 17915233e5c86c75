using System.Diagnostics;
using IrisOperator.Learning.Format;
using IrisOperator.Training.Import;
using IrisOperator.Training.Import.Onnx;

namespace IrisOperator.Learning.Tests.Import.Onnx;

/// <summary>Graphs that our document has no word for, kept and run by ONNX Runtime.</summary>
public sealed class KeptGraphTests
{
    private static readonly double[][] _rows = Tables.Read("iris").Rows;

    [Fact]
    public void a_network_answers_as_the_runtime_does()
    {
        var imported = Judge.SameAnswers(Network().Output("probabilities", columns: 3).Write(), _rows, "probabilities");

        Assert.Equal((3, 4, "onnx"), (imported.Classes, imported.Columns, imported.Algorithm));
        Assert.Equal("probabilities", imported.Onnx!.Output);
        Assert.Contains("MatMul computes something", Assert.Single(imported.Assumptions), StringComparison.Ordinal);
    }

    [Fact]
    public void what_maps_are_made_of_is_the_answer()
    {
        string[] labels = ["setosa", "versicolor", "virginica"];
        var graph = Network().Node("ZipMap", GraphWriter.Ml, ["probabilities"], ["maps"], ("classlabels_strings", labels))
            .Maps("maps", GraphWriter.Text);

        var imported = Judge.SameAnswers(graph.Write(), _rows, "maps");

        Assert.Equal(labels, imported.Labels);
    }

    [Fact]
    public void one_number_beside_a_label_is_the_probability_of_the_second_class()
    {
        var graph = new GraphWriter()
            .Input("X", GraphWriter.Double, 4)
            .Node("Cast", "", ["X"], ["single"], ("to", 1))
            .Node("ReduceMean", "", ["single"], ["mean"], ("axes", new long[] { 1 }), ("keepdims", 1))
            .Node("Tanh", "", ["mean"], ["probability"])
            .Node("Cast", "", ["probability"], ["label"], ("to", 7))
            .Output("label", GraphWriter.Int64, 1)
            .Output("probability", columns: 1);

        var imported = Judge.SameAnswers(graph.Write(), _rows, "probability");

        Assert.Equal(2, imported.Classes);
    }

    [Fact]
    public void a_regression_answers_as_the_runtime_does()
    {
        var graph = new GraphWriter()
            .Input("X", GraphWriter.Single, 4)
            .Node("ReduceMax", "", ["X"], ["variable"], ("axes", new long[] { 1 }), ("keepdims", 1))
            .Output("variable", columns: 1);

        Assert.Equal(0, Judge.SameAnswers(graph.Write(), _rows, "variable").Classes);
    }

    [Fact]
    public void classes_in_another_order_are_put_into_that_of_the_table()
    {
        var plain = new GraphDocument(Network().Output("probabilities").Write(), "probabilities");

        var (straight, turned) = (Answers(plain), Answers(plain with { Order = [2, 0, 1] }));

        Assert.Equal([straight[1], straight[2], straight[0]], turned);
    }

    [Theory]
    [InlineData("Nonsense", "", "and ONNX Runtime refuses it: ")]
    [InlineData("Gelu", "com.microsoft", "and ONNX Runtime takes none such: operator \"com.microsoft.Gelu\" is not one of ONNX")]
    [InlineData("Relu", "evil", "and ONNX Runtime takes none such: operator \"evil.Relu\" is not one of ONNX")]
    public void operators_that_are_not_of_onnx_are_refused(string type, string domain, string message)
    {
        var graph = new GraphWriter().Input("X", GraphWriter.Single, 4).Node(type, domain, ["X"], ["Y"]).Output("Y");

        var e = Assert.Throws<InputException>(() => OnnxModel.Read(graph.Write()));

        Assert.Contains(message, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    public void a_graph_that_asks_for_all_memory_is_refused(int doublings)
    {
        // Each doubles what there is, or one asks for a hundred thousand million numbers at once.
        var graph = new GraphWriter().Input("X", GraphWriter.Single, 4).Indices("shape", 100_000, 1_000_000).Constant("one", [1, 1], 1);
        if (doublings == 1)
        {
            graph.Node("Expand", "", ["one", "shape"], ["Y0"]);
        }
        else
        {
            graph.Node("Identity", "", ["X"], ["Y0"]);
        }
        for (var i = 1; i < doublings; i++)
        {
            graph.Node("Concat", "", [$"Y{i - 1}", $"Y{i - 1}"], [$"Y{i}"], ("axis", 0));
        }
        graph.Output($"Y{doublings - 1}");
        var (time, before) = (Stopwatch.GetTimestamp(), Process.GetCurrentProcess().WorkingSet64);

        var e = Assert.Throws<InputException>(() => OnnxModel.Read(graph.Write()));

        Assert.Contains("and ONNX Runtime refuses it: ", e.Message, StringComparison.Ordinal);
        Assert.InRange(Stopwatch.GetElapsedTime(time), TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.InRange(Process.GetCurrentProcess().WorkingSet64 - before, long.MinValue, 600L << 20);
    }

    [Theory]
    [InlineData("output", "Y", "model.json: onnx.graph: no node makes \"Y\"")]
    [InlineData("output", "hidden", "model.json: onnx.output: expected 3 numbers for a row, found 5")]
    [InlineData("order", "0,0,1", "model.json: onnx.order: expected each number from 0 to 2 once, and classes")]
    [InlineData("graph", "", "model.json: onnx.graph: no graph")]
    [InlineData("graph", "08", "model.json: onnx.graph: ")]
    public void a_document_that_does_not_fit_is_refused(string member, string value, string message)
    {
        var document = new GraphDocument(Network().Output("probabilities").Write(), "probabilities");
        document = member switch
        {
            "output" => document with { Output = value },
            "order" => document with { Order = [.. value.Split(',').Select(number => int.Parse(number, null))] },
            _ => document with { Graph = Convert.FromHexString(value) },
        };

        var e = Assert.Throws<ModelFormatException>(() => Answers(document));

        Assert.StartsWith(message, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void a_row_that_the_runtime_fails_on_has_no_numbers()
    {
        // An index of a table of four, which the row tells.
        var graph = new GraphWriter()
            .Input("X", GraphWriter.Single, 4)
            .Constant("table", [4], 0.1f, 0.2f, 0.3f, 0.4f)
            .Node("Cast", "", ["X"], ["index"], ("to", 7))
            .Node("Gather", "", ["table", "index"], ["Y"])
            .Output("Y");
        var model = Imported.Build(OnnxModel.Read(graph.Write()));
        var answers = new double[4];

        model.PredictProbabilities([9, 0, 0, 0], answers);
        Assert.All(answers, answer => Assert.True(double.IsNaN(answer)));
        model.PredictProbabilities([3, 2, 1, 0], answers);
        Assert.Equal([0.4, 0.3, 0.2, 0.1], answers.Select(answer => Math.Round(answer, 6)));
    }

    private static double[] Answers(GraphDocument document)
    {
        var model = Imported.Build(new ForeignModel("onnx", 4, null, 3, Onnx: document));
        var answers = new double[3];
        model.PredictProbabilities([5.1, 3.5, 1.4, 0.2], answers);
        return answers;
    }

    /// <summary>Four numbers, five hidden ones, three classes.</summary>
    private static GraphWriter Network()
    {
        var random = new Random(1);
        return new GraphWriter()
            .Input("X", GraphWriter.Single, 4)
            .Constant("W1", [4, 5], Numbers(20))
            .Constant("b1", [5], Numbers(5))
            .Constant("W2", [5, 3], Numbers(15))
            .Node("MatMul", "", ["X", "W1"], ["m1"])
            .Node("Add", "", ["m1", "b1"], ["a1"])
            .Node("Relu", "", ["a1"], ["hidden"])
            .Node("MatMul", "", ["hidden", "W2"], ["scores"])
            .Node("Softmax", "", ["scores"], ["probabilities"], ("axis", 1));

        float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() - 0.5))];
    }
}
