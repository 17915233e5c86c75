using System.Diagnostics;
using IrisOperator.Training.Import.Onnx;

namespace IrisOperator.Learning.Tests.Import.Onnx;

/// <summary>Files that are damaged, or made to harm: each ends in a sentence within a second, and in bounded memory.</summary>
public sealed class HostileGraphTests
{
    private static readonly double[][] _rows = Tables.Read("iris").Rows;

    [Theory]
    [InlineData("nodes_truenodeids", 0L, "tree 0: two branches lead to node 0")]
    [InlineData("nodes_truenodeids", 1_000_000_000L, "tree 0: a branch leads to node 1000000000, which there is not")]
    [InlineData("nodes_falsenodeids", -1L, "tree 0: a branch leads to node -1, which there is not")]
    [InlineData("nodes_featureids", 4L, "tree 0: node 0 splits by feature 4, and there are 4")]
    [InlineData("nodes_nodeids", 1L, "tree 0 has two nodes 1")]
    [InlineData("nodes_treeids", 1L, "tree 1 has two nodes 0")]
    [InlineData("class_ids", 3L, "class_ids has 3, expected 0 to 2")]
    [InlineData("class_nodeids", 0L, "class_nodeids names node 0 of tree 0, which is no leaf")]
    [InlineData("class_treeids", long.MaxValue, "class_nodeids names node 2 of tree 9223372036854775807, which is no leaf")]
    public void a_tree_whose_numbers_lead_nowhere_is_refused(string attribute, long value, string message)
    {
        var attributes = Forest().Select(a => a.Name != attribute ? a : (a.Name, ((long[])a.Value).Skip(1).Prepend(value).ToArray()));

        AssertRefused(Classifier([.. attributes]).Write(), $"TreeEnsembleClassifier: {message}");
    }

    [Theory]
    [InlineData("nodes_modes")]
    [InlineData("nodes_values")]
    [InlineData("nodes_featureids")]
    [InlineData("nodes_treeids")]
    [InlineData("class_weights")]
    [InlineData("class_treeids")]
    public void arrays_of_different_lengths_are_refused(string attribute)
    {
        var attributes = Forest().Select(a => a.Name != attribute ? a : (a.Name, a.Value switch
        {
            long[] integers => integers[1..],
            float[] floats => floats[1..],
            _ => (object)((string[])a.Value)[1..],
        }));

        AssertRefused(Classifier([.. attributes]).Write(), $"TreeEnsembleClassifier: {attribute} has ");
    }

    [Fact]
    public void a_cycle_of_nodes_is_refused() => AssertRefused(
        new GraphWriter().Input("X", GraphWriter.Single, 4)
            .Node("Add", "", ["X", "b"], ["a"]).Node("Add", "", ["a", "X"], ["b"]).Output("b").Write(),
        "not as ONNX has a model: node 0 (\"Add\") takes \"b\", which no node before it makes");

    [Fact]
    public void a_name_that_is_made_twice_is_refused() => AssertRefused(
        new GraphWriter().Input("X", GraphWriter.Single, 4).Node("Identity", "", ["X"], ["X"]).Output("X").Write(),
        "not as ONNX has a model: node 0 (\"Identity\") makes \"X\", which there is already");

    [Fact]
    public void an_output_that_nothing_makes_is_refused() => AssertRefused(
        new GraphWriter().Input("X", GraphWriter.Single, 4).Output("Y").Write(),
        "not as ONNX has a model: no node makes the output \"Y\"");

    [Fact]
    public void data_in_another_file_is_refused_by_name() => AssertRefused(
        new GraphWriter().Input("X", GraphWriter.Single, 4).Output("X").Part(5, GraphWriter.Message(tensor =>
        {
            tensor.Text(8, "weights");
            tensor.Part(13, GraphWriter.Message(entry =>
            {
                entry.Text(1, "location");
                entry.Text(2, "/etc/passwd");
            }));
            tensor.Number(14, 1);
        })).Write(),
        "not as ONNX has a model: the data of tensor \"weights\" is in another file, which is never opened; save the model as one file");

    [Fact]
    public void a_graph_inside_a_node_is_refused() => AssertRefused(
        new GraphWriter().Input("X", GraphWriter.Single, 4).Node("Loop", "", ["X"], ["Y"], ("body", new byte[] { 1 })).Output("Y").Write(),
        "not as ONNX has a model: attribute \"body\" holds a graph; loops and branches are not taken");

    [Fact]
    public void a_width_of_a_thousand_million_is_refused() => AssertRefused(
        new GraphWriter().Input("X", GraphWriter.Single, 1_000_000_000).Node("Identity", "", ["X"], ["Y"]).Output("Y").Write(),
        "an ONNX graph that cannot be imported: input X has no fixed number of columns up to 10000; export it with one; ");

    [Theory]
    [InlineData(new byte[] { 8, 8, 0x3a, 0xff, 0xff, 0xff, 0xff, 7, 1 })]
    [InlineData(new byte[] { 8, 8, 0x3a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1 })]
    [InlineData(new byte[] { 8, 8, 0x3a, 4, 0x0a, 0x7f, 0x0a, 1 })]
    [InlineData(new byte[] { 8 })]
    [InlineData(new byte[] { 8, 8 })]
    public void a_length_beyond_the_file_is_refused(byte[] bytes) => AssertRefused(bytes, "not as ONNX has a model: ");

    [Fact]
    public void nesting_costs_neither_stack_nor_time()
    {
        // Groups are the only part of protobuf that nests where nothing asks for it.
        byte[] groups = [8, 8, .. Enumerable.Repeat((byte)0x0b, 10_000_000)];
        var nested = Array.Empty<byte>();
        for (var depth = 0; depth < 2_000; depth++)
        {
            var inner = nested;
            nested = GraphWriter.Message(message => message.Part(6, inner));
        }

        AssertRefused(groups, "not as ONNX has a model: ");
        AssertRefused(
            new GraphWriter().Input("X", GraphWriter.Single, 4).Node("If", "", ["X"], ["Y"], ("then", nested)).Output("Y").Write(),
            "not as ONNX has a model: attribute \"then\" holds a graph");
    }

    [Fact]
    public void a_chain_of_a_thousand_branches_is_refused()
    {
        const int Depth = 1000;
        long[] nodes = [.. Enumerable.Range(0, (2 * Depth) + 1)];
        var attributes = new (string, object)[]
        {
            ("nodes_treeids", nodes.Select(_ => 0L).ToArray()), ("nodes_nodeids", nodes),
            ("nodes_featureids", nodes.Select(_ => 0L).ToArray()),
            ("nodes_modes", nodes.Select(n => n % 2 == 0 && n < 2 * Depth ? "BRANCH_LEQ" : "LEAF").ToArray()),
            ("nodes_values", nodes.Select(n => (float)n).ToArray()), ("nodes_truenodeids", nodes.Select(n => n + 1).ToArray()),
            ("nodes_falsenodeids", nodes.Select(n => n + 2).ToArray()), ("class_treeids", new[] { 0L }), ("class_nodeids", new[] { 1L }),
            ("class_ids", new[] { 1L }), ("class_weights", new[] { 1f }), ("classlabels_int64s", new long[] { 0, 1, 2 }),
        };

        AssertRefused(Classifier(attributes).Write(), "TreeEnsembleClassifier: tree 0: deeper than 250 levels");
    }

    [Fact]
    public void millions_of_empty_names_end_at_the_limit()
    {
        var names = GraphWriter.Message(node =>
        {
            for (var i = 0; i < 3_000_000; i++)
            {
                node.Text(1, "");
            }
        });

        AssertRefused(new GraphWriter().Part(1, names).Write(), "not as ONNX has a model: more than 16777216 numbers and names");
    }

    [Fact]
    public void every_cut_and_every_changed_byte_ends_in_a_model_or_a_sentence()
    {
        var whole = Classifier(Forest()).Write();
        var refused = 0;
        for (var i = 1; i < whole.Length; i += 3)
        {
            var changed = (byte[])whole.Clone();
            changed[i] ^= (byte)(1 << (i % 8));
            refused += IsRefused(whole[..i]) ? 1 : 0;
            refused += IsRefused(changed) ? 1 : 0;
        }

        Assert.InRange(refused, whole.Length / 3, 2 * whole.Length / 3);
    }

    private static (string Name, object Value)[] Forest() => new RandomTrees(_rows, 1).Forest(3, 2, 3)
        .Attributes("class", false, ("classlabels_int64s", new long[] { 0, 1, 2 }));

    private static GraphWriter Classifier((string, object)[] attributes) => new GraphWriter()
        .Input("X", GraphWriter.Single, 4)
        .Node("TreeEnsembleClassifier", GraphWriter.Ml, ["X"], ["label", "probabilities"], attributes)
        .Output("label", GraphWriter.Int64)
        .Output("probabilities");

    private static void AssertRefused(byte[] file, string message)
    {
        var (time, before) = (Stopwatch.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread());

        var e = Assert.Throws<InputException>(() => OnnxModel.Read(file));

        Assert.Equal(InputProblem.InvalidModel, e.Problem);
        Assert.StartsWith(message, e.Message, StringComparison.Ordinal);
        Assert.InRange(Stopwatch.GetElapsedTime(time), TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 256 << 20);
    }

    private static bool IsRefused(byte[] bytes)
    {
        try
        {
            Imported.Build(OnnxModel.Read(bytes));
            return false;
        }
        catch (Exception e) when (e is InputException or ModelFormatException)
        {
            return true;
        }
    }
}
