using System.Text;
using IrisOperator.Learning.Format;
using IrisOperator.Testing;
using IrisOperator.Training.Data;
using IrisOperator.Training.Import;

namespace IrisOperator.Learning.Tests.Import.Onnx;

/// <summary>A graph and the table that judges it: classes, columns, missing values.</summary>
public sealed class ImportedTableTests : IDisposable
{
    private static readonly double[][] _rows = Tables.Read("iris").Rows;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void classes_in_another_order_than_the_tables_are_put_into_its()
    {
        string[] names = ["virginica", "setosa", "versicolor"];
        var file = Write(Linear(("classlabels_strings", names)));
        var expected = Runtime.Run(File.ReadAllBytes(file), _rows, "probabilities");

        var result = ModelImporter.Open(file).Judge(Samples.Iris(), new TrainingOptions());

        var model = ModelReader.Read(result.ModelJson);
        Assert.Equal(("onnx", "model.onnx"), (result.Algorithm, model.Parameters["importedFrom"]));
        var answers = new double[3];
        foreach (var (row, values) in _rows.Index())
        {
            model.PredictProbabilities(values, answers);
            for (var c = 0; c < 3; c++)
            {
                Assert.Equal(expected[row][Array.IndexOf(names, model.Classes[c])], answers[c], 1e-6);
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void classes_that_are_numbered_are_those_of_the_table_in_order(int first)
    {
        var file = Write(Linear(("classlabels_ints", new long[] { first, first + 1, first + 2 })));

        var result = ModelImporter.Open(file).Judge(Samples.Iris(), new TrainingOptions());

        Assert.Contains(
            "model.onnx numbers its classes, which are taken in the order of the table's: setosa, versicolor, virginica",
            result.Dataset.Assumptions);
    }

    [Fact]
    public void other_classes_than_the_tables_are_refused()
    {
        var file = Write(Linear(("classlabels_strings", new[] { "a", "b", "setosa" })));

        var e = Assert.Throws<InputException>(() => ModelImporter.Open(file).Judge(Samples.Iris(), new TrainingOptions()));

        Assert.Equal(
            "model.onnx tells a, b, setosa apart, and column Species of iris.csv has setosa, versicolor, virginica",
            e.Message);
    }

    [Fact]
    public void a_missing_value_is_refused_where_the_graph_does_not_say_where_it_goes()
    {
        var file = Write(Linear(("classlabels_strings", new[] { "x", "y", "z" })));
        var table = Table("a,b,c,d,label\n1,1,1,1,x\n1,,1,1,y\n1,2,1,1,z\n1,1,1,1,x\n1,3,1,1,y\n1,2,1,1,z\n");

        var e = Assert.Throws<InputException>(() => ModelImporter.Open(file).Judge(table, new TrainingOptions()));

        Assert.Equal("model.onnx takes no missing values, and t.csv has some; give --missing Impute or --missing DropRows", e.Message);
    }

    [Fact]
    public void scores_that_are_no_probabilities_are_refused_with_the_row()
    {
        var trees = new RandomTrees(_rows, 1).Boosted(2, 2, 3);
        var attributes = trees.Attributes("class", false, ("classlabels_int64s", new long[] { 0, 1, 2 }));
        var file = Write(new GraphWriter().Input("X", GraphWriter.Single, 4)
            .Node("TreeEnsembleClassifier", GraphWriter.Ml, ["X"], ["label", "scores"], attributes)
            .Output("label", GraphWriter.Int64)
            .Output("scores", columns: 3)
            .Write());

        var e = Assert.Throws<InputException>(() => ModelImporter.Open(file).Judge(Samples.Iris(), new TrainingOptions()));

        Assert.Matches(@"^model\.onnx answers -?[\d., -]+ to row 1: expected probabilities from 0 to 1 that sum to 1$", e.Message);
    }

    [Fact]
    public void trees_that_compare_otherwise_stay_a_graph_and_the_report_says_so()
    {
        var trees = new RandomTrees(_rows, 1) { Modes = ["BRANCH_EQ"] }.Forest(5, 3, 3);
        var attributes = trees.Attributes("class", false, ("classlabels_strings", new[] { "setosa", "versicolor", "virginica" }));
        var file = Write(new GraphWriter().Input("X", GraphWriter.Single, 4)
            .Node("TreeEnsembleClassifier", GraphWriter.Ml, ["X"], ["label", "scores"], attributes)
            .Output("label", GraphWriter.Text)
            .Output("scores", columns: 3)
            .Write());

        var result = ModelImporter.Open(file).Judge(Samples.Iris(), new TrainingOptions());

        Assert.Contains(
            "it stays an ONNX graph, which ONNX Runtime serves: its trees compare by BRANCH_EQ", result.Dataset.Assumptions);
        ModelReader.Read(result.ModelJson).VerifyGoldenSamples();
    }

    private static Dataset Table(string text) => DatasetReader.Read(
        "t.csv", new MemoryStream(Encoding.UTF8.GetBytes(text)), new TableOptions { Missing = MissingValues.Native });

    private static byte[] Linear((string, object) labels) => new GraphWriter()
        .Input("X", GraphWriter.Single, 4)
        .Node("LinearClassifier", GraphWriter.Ml, ["X"], ["label", "probabilities"],
            ("coefficients", new[] { 0.1f, -0.4f, 0.5f, 0.7f, -0.2f, 0.3f, -0.5f, -0.6f, 0.2f, -0.1f, 0.1f, -0.1f }),
            ("intercepts", new[] { -2f, 2f, 0.5f }), labels, ("multi_class", 1), ("post_transform", "SOFTMAX"))
        .Output("label", labels.Item1.EndsWith("ints", StringComparison.Ordinal) ? GraphWriter.Int64 : GraphWriter.Text)
        .Output("probabilities")
        .Write();

    private string Write(byte[] graph)
    {
        File.WriteAllBytes(_folder.Combine("model.onnx"), graph);
        return _folder.Combine("model.onnx");
    }
}
