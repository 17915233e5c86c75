using IrisOperator.Training.Import.Onnx;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace IrisOperator.Learning.Tests.Import.Onnx;

/// <summary>Graphs that Microsoft.ML exports, beside what ONNX Runtime answers.</summary>
public sealed class MicrosoftMLGraphTests
{
    private readonly MLContext _context = new(seed: 1);

    [Theory]
    [InlineData("iris", "lightgbm", "Score")]
    [InlineData("iris", "lightgbm-softmax", "Score")]
    [InlineData("iris", "maximum-entropy", "Score")]
    [InlineData("iris", "standardised", "Score")]
    [InlineData("iris", "one-versus-all", "Score")]
    [InlineData("cancer", "binary-lightgbm", "Probability")]
    [InlineData("cancer", "fast-tree", "Probability")]
    [InlineData("iris", "logistic-regression", "Probability")]
    public void a_classifier_answers_as_the_runtime_does(string table, string trainer, string output)
    {
        var (rows, data) = Data(table);

        var imported = Judge.SameAnswers(Export(Classifier(trainer), data), rows, $"{output}.output");

        Assert.Equal(output == "Score" ? ["setosa", "versicolor", "virginica"] : null, imported.Labels);
    }

    [Theory]
    [InlineData("diabetes", "random-forest")]
    [InlineData("diabetes", "fast-tree")]
    [InlineData("diabetes", "lightgbm")]
    [InlineData("iris", "linear")]
    public void a_regression_answers_as_the_runtime_does(string table, string trainer)
    {
        var (rows, data) = Data(table);

        var imported = Judge.SameAnswers(Export(Regression(trainer), data), rows, "Score.output");

        Assert.Equal((0, rows[0].Length), (imported.Classes, imported.Columns));
    }

    [Fact]
    public void columns_of_their_own_are_known_by_name()
    {
        var (_, data) = Data("iris");
        string[] names = ["First", "Second"];
        var pipeline = Keyed(_context.Transforms.Concatenate("Two", names)
            .Append(_context.MulticlassClassification.Trainers.LightGbm("Key", "Two", numberOfIterations: 5)));

        var imported = OnnxModel.Read(Export(pipeline, data));

        Assert.Equal(names, imported.Names);
        Assert.Equal(2, imported.Columns);
    }

    private IEstimator<ITransformer> Classifier(string trainer)
    {
        var trainers = _context.MulticlassClassification.Trainers;
        var binary = _context.BinaryClassification.Trainers;
        return trainer switch
        {
            "lightgbm" => Keyed(trainers.LightGbm("Key", "Features", numberOfIterations: 20)),
            "lightgbm-softmax" => Keyed(trainers.LightGbm(new Microsoft.ML.Trainers.LightGbm.LightGbmMulticlassTrainer.Options
            {
                LabelColumnName = "Key",
                UseSoftmax = true,
                NumberOfIterations = 20,
            })),
            "maximum-entropy" => Keyed(trainers.LbfgsMaximumEntropy("Key", "Features")),
            "standardised" => Keyed(_context.Transforms.NormalizeMeanVariance("Features", fixZero: false)
                .Append(trainers.LbfgsMaximumEntropy("Key", "Features"))),
            "one-versus-all" => Keyed(trainers.OneVersusAll(binary.FastTree("IsSecond", "Features", numberOfTrees: 10), "Key")),
            "binary-lightgbm" => binary.LightGbm("IsSecond", "Features", numberOfIterations: 20, minimumExampleCountPerLeaf: 3),
            "fast-tree" => binary.FastTree("IsSecond", "Features", numberOfTrees: 10, minimumExampleCountPerLeaf: 3),
            _ => binary.LbfgsLogisticRegression("IsSecond", "Features"),
        };
    }

    private IEstimator<ITransformer> Regression(string trainer)
    {
        var trainers = _context.Regression.Trainers;
        return trainer switch
        {
            "random-forest" => trainers.FastForest("Target", "Features", numberOfTrees: 20, minimumExampleCountPerLeaf: 3),
            "fast-tree" => trainers.FastTree("Target", "Features", numberOfTrees: 20, minimumExampleCountPerLeaf: 3),
            "lightgbm" => trainers.LightGbm("Target", "Features", numberOfIterations: 20, minimumExampleCountPerLeaf: 3),
            _ => trainers.Sdca("Target", "Features"),
        };
    }

    private byte[] Export(IEstimator<ITransformer> pipeline, IDataView data)
    {
        using var stream = new MemoryStream();
        _context.Model.ConvertToOnnx(pipeline.Fit(data), data, stream);
        return stream.ToArray();
    }

    private EstimatorChain<ITransformer> Keyed(IEstimator<ITransformer> trainer) =>
        _context.Transforms.Conversion.MapValueToKey("Key", "Name", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            .Append(trainer);

    private (double[][] Rows, IDataView Data) Data(string table)
    {
        var (rows, targets) = Tables.Read(table);
        var schema = SchemaDefinition.Create(typeof(Row));
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, rows[0].Length);
        string[] names = ["setosa", "versicolor", "virginica"];
        var data = rows.Select((row, r) => new Row
        {
            Features = [.. row.Select(value => (float)value)],
            First = (float)row[0],
            Second = (float)row[1],
            Name = names[Math.Clamp((int)targets[r], 0, 2)],
            Target = targets[r],
            IsSecond = targets[r] > 0.5,
        });
        return (rows, _context.Data.LoadFromEnumerable(data, schema));
    }

    private sealed class Row
    {
        public float[] Features { get; set; } = [];

        public float First { get; set; }

        public float Second { get; set; }

        public string Name { get; set; } = "";

        public float Target { get; set; }

        public bool IsSecond { get; set; }
    }
}
