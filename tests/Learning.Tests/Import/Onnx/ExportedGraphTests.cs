namespace IrisOperator.Learning.Tests.Import.Onnx;

/// <summary>Graphs in the shape that skl2onnx and onnxmltools write them, beside what ONNX Runtime answers.</summary>
public sealed class ExportedGraphTests
{
    private static readonly long[] _three = [0, 1, 2];

    [Theory]
    [InlineData("iris", 3)]
    [InlineData("cancer", 3)]
    [InlineData("diabetes", 2)]
    public void a_random_forest_of_scikit_learn_answers_as_the_runtime_does(string table, int classes)
    {
        var (rows, _) = Tables.Read(table);
        var trees = new RandomTrees(rows, 1).Forest(trees: 50, depth: 6, classes);
        string[] labels = [.. Enumerable.Range(0, classes).Select(c => $"name{c}")];
        var graph = new GraphWriter { MlVersion = 1 }
            .Input("X", GraphWriter.Single, rows[0].Length)
            .Node("TreeEnsembleClassifier", GraphWriter.Ml, ["X"], ["label", "probabilities"], trees.Attributes(
                "class", false, ("classlabels_strings", labels), ("post_transform", "NONE")))
            .Node("ZipMap", GraphWriter.Ml, ["probabilities"], ["output_probability"], ("classlabels_strings", labels))
            .Output("label", GraphWriter.Text)
            .Maps("output_probability", GraphWriter.Text);

        var imported = Judge.SameAnswers(graph.Write(), rows, "output_probability");

        Assert.Equal(("onnx", classes, rows[0].Length), (imported.Algorithm, imported.Classes, imported.Columns));
        Assert.Equal(labels, imported.Labels);
        Assert.Equal(50 * classes, imported.Trees!.Trees.Length);
        Assert.False(imported.TakesMissing);
    }

    [Theory]
    [InlineData("SOFTMAX", "BRANCH_LT", false)]
    [InlineData("SOFTMAX", "BRANCH_LEQ", true)]
    [InlineData("SOFTMAX", "BRANCH_GT", true)]
    [InlineData("SOFTMAX", "BRANCH_GTE", false)]
    public void boosted_trees_of_several_classes_answer_as_the_runtime_does(string transform, string mode, bool missing)
    {
        var (rows, _) = Tables.Read("iris");
        var trees = new RandomTrees(rows, 2) { Modes = [mode, "BRANCH_LEQ"], TracksMissing = missing }.Boosted(20, 4, 3);
        var graph = new GraphWriter()
            .Input("input", GraphWriter.Single, 4)
            .Node("TreeEnsembleClassifier", GraphWriter.Ml, ["input"], ["label", "probabilities"], trees.Attributes(
                "class", false, ("classlabels_int64s", _three), ("post_transform", transform),
                ("base_values", new[] { 0.1f, 0.5f, -0.2f })))
            .Output("label", GraphWriter.Int64)
            .Output("probabilities");

        var imported = Judge.SameAnswers(graph.Write(), missing ? WithMissing(rows) : rows, "probabilities");

        Assert.Equal(missing, imported.TakesMissing);
    }

    [Theory]
    [InlineData("LOGISTIC", -0.5, null)]
    [InlineData("LOGISTIC", -0.5, 0.3f)]
    [InlineData("NONE", 0.0, null)]
    public void two_classes_by_one_score_answer_as_the_runtime_does(string transform, double least, float? added)
    {
        var (rows, _) = Tables.Read("iris");
        var trees = new RandomTrees(rows, 3).Boosted(transform == "NONE" ? 1 : 10, 4, 1, least);
        var attributes = trees.Attributes("class", false, ("classlabels_int64s", new long[] { 0, 1 }), ("post_transform", transform));
        var graph = new GraphWriter()
            .Input("X", GraphWriter.Single, 4)
            .Node("TreeEnsembleClassifier", GraphWriter.Ml, ["X"], ["label", "scores"],
                added is { } value ? [.. attributes, ("base_values", new[] { value })] : attributes)
            .Node("Cast", "", ["label"], ["output_label"], ("to", 7))
            .Node("Identity", "", ["scores"], ["probabilities"])
            .Output("output_label", GraphWriter.Int64)
            .Output("probabilities");

        Judge.SameAnswers(graph.Write(), rows, "probabilities");
    }

    [Theory]
    [InlineData("SUM", false)]
    [InlineData("AVERAGE", false)]
    [InlineData("SUM", true)]
    [InlineData("AVERAGE", true)]
    public void a_regression_by_trees_answers_as_the_runtime_does(string aggregate, bool isDouble)
    {
        var (rows, _) = Tables.Read("diabetes");
        // Of float64: numbers between two of float32, which the thresholds are as well.
        rows = isDouble ? [.. rows.Select(row => row.Select(value => value + 1e-10).ToArray())] : rows;
        var trees = new RandomTrees(rows, 4).Boosted(30, 5, 1);
        object added = isDouble ? new[] { 12.5 } : new[] { 12.5f };
        var graph = new GraphWriter()
            .Input("X", isDouble ? GraphWriter.Double : GraphWriter.Single, rows[0].Length)
            .Node("TreeEnsembleRegressor", GraphWriter.Ml, ["X"], ["variable"], trees.Attributes(
                "target", isDouble, ("n_targets", 1), ("aggregate_function", aggregate),
                (isDouble ? "base_values_as_tensor" : "base_values", added)))
            .Output("variable");

        var imported = Judge.SameAnswers(graph.Write(), rows, "variable");

        Assert.Equal(isDouble, imported.DoubleTrees is not null);
        Assert.Equal(0, imported.Classes);
    }

    [Theory]
    [InlineData("SOFTMAX")]
    [InlineData("LOGISTIC")]
    public void a_pipeline_of_scaler_and_linear_classifier_answers_as_the_runtime_does(string transform)
    {
        var (rows, _) = Tables.Read("iris");
        var random = new Random(5);
        var graph = new GraphWriter()
            .Input("X", GraphWriter.Single, 4)
            .Node("Scaler", GraphWriter.Ml, ["X"], ["scaled"],
                ("offset", new[] { 5.8f, 3.05f, 3.76f, 1.2f }), ("scale", new[] { 1.2f, 2.3f, 0.57f, 1.3f }))
            .Node("LinearClassifier", GraphWriter.Ml, ["scaled"], ["label", "raw"],
                ("coefficients", Enumerable.Range(0, 12).Select(_ => (float)(random.NextDouble() - 0.5)).ToArray()),
                ("intercepts", new[] { 0.1f, -0.4f, 0.3f }), ("classlabels_ints", _three), ("multi_class", 1),
                ("post_transform", transform))
            .Node("Normalizer", GraphWriter.Ml, ["raw"], ["probabilities"], ("norm", "L1"))
            .Output("label", GraphWriter.Int64)
            .Output("probabilities");

        var imported = Judge.SameAnswers(graph.Write(), rows, "probabilities");

        Assert.Equal(3, imported.Linear!.Weights.Length);
    }

    [Fact]
    public void two_opposite_weighted_sums_answer_as_the_runtime_does()
    {
        var (rows, _) = Tables.Read("iris");
        float[] weights = [0.4f, -1.3f, 0.9f, 0.2f];
        var graph = new GraphWriter()
            .Input("X", GraphWriter.Single, 4)
            .Node("LinearClassifier", GraphWriter.Ml, ["X"], ["label", "probabilities"],
                ("coefficients", weights.Select(weight => -weight).Concat(weights).ToArray()), ("intercepts", new[] { -0.2f, 0.2f }),
                ("classlabels_ints", new long[] { 0, 1 }), ("post_transform", "LOGISTIC"))
            .Output("label", GraphWriter.Int64)
            .Output("probabilities");

        Judge.SameAnswers(graph.Write(), rows, "probabilities");
    }

    [Fact]
    public void a_linear_regression_of_single_columns_has_their_names()
    {
        var (rows, _) = Tables.Read("iris");
        var graph = new GraphWriter();
        string[] names = ["a", "b", "c", "d"];
        Array.ForEach(names, name => graph.Input(name, GraphWriter.Single, 1));
        graph.Node("Concat", "", names, ["X"], ("axis", 1))
            .Node("LinearRegressor", GraphWriter.Ml, ["X"], ["variable"],
                ("coefficients", new[] { 0.5f, -0.25f, 2f, 1f }), ("intercepts", new[] { 0.125f }))
            .Output("variable");

        var imported = Judge.SameAnswers(graph.Write(), rows, "variable");

        Assert.Equal(names, imported.Names);
    }

    [Theory]
    [InlineData("BRANCH_LEQ")]
    [InlineData("BRANCH_LT")]
    public void trees_after_a_scaler_split_where_the_scaled_numbers_do(string mode)
    {
        var (rows, _) = Tables.Read("iris");
        float[] offsets = [5.8f, 3.05f, 3.76f, 1.2f], scales = [1 / 0.83f, 1 / 0.43f, 1 / 1.76f, 1 / 0.76f];
        double[][] scaled = [.. rows.Select(row => row.Select((value, c) => (double)(((float)value - offsets[c]) * scales[c])).ToArray())];
        var trees = new RandomTrees(scaled, 6) { Modes = [mode] }.Forest(30, 5, 3);
        var graph = new GraphWriter()
            .Input("X", GraphWriter.Single, 4)
            .Node("Scaler", GraphWriter.Ml, ["X"], ["scaled"], ("offset", offsets), ("scale", scales))
            .Node("TreeEnsembleClassifier", GraphWriter.Ml, ["scaled"], ["label", "probabilities"], trees.Attributes(
                "class", false, ("classlabels_int64s", _three)))
            .Output("label", GraphWriter.Int64)
            .Output("probabilities");

        Judge.SameAnswers(graph.Write(), rows, "probabilities");
    }

    [Fact]
    public void columns_may_be_picked_and_float64_may_be_cast()
    {
        var (rows, _) = Tables.Read("iris");
        double[][] picked = [.. rows.Select(row => new[] { row[3], row[1] })];
        var trees = new RandomTrees(picked, 7).Forest(20, 4, 3);
        var graph = new GraphWriter()
            .Input("X", GraphWriter.Double, 4)
            .Indices("columns", 3, 1)
            .Node("ArrayFeatureExtractor", GraphWriter.Ml, ["X", "columns"], ["some"])
            .Node("Cast", "", ["some"], ["single"], ("to", 1))
            .Node("TreeEnsembleClassifier", GraphWriter.Ml, ["single"], ["label", "probabilities"], trees.Attributes(
                "class", false, ("classlabels_int64s", _three)))
            .Output("label", GraphWriter.Int64)
            .Output("probabilities");

        Judge.SameAnswers(graph.Write(), rows, "probabilities");
    }

    private static double[][] WithMissing(double[][] rows) =>
        [.. rows.Select((row, r) => row.Select((value, c) => (r + c) % 5 == 0 ? double.NaN : value).ToArray())];
}
