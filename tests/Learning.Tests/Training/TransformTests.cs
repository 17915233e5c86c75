using IrisOperator.Learning.Format;
using IrisOperator.Testing;
using IrisOperator.Training.Algorithms;
using IrisOperator.Training.Algorithms.MicrosoftML;
using IrisOperator.Training.Data;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Microsoft.ML.Trainers.LightGbm;

namespace IrisOperator.Learning.Tests.Training;

/// <summary>What our models answer to every row of scikit-learn's tables, beside what Microsoft.ML answers.</summary>
public sealed class TransformTests
{
    public TransformTests() => NativeLibraries.Require();

    [Theory]
    [InlineData("iris")]
    [InlineData("wine")]
    [InlineData("breast-cancer")]
    [InlineData("digits")]
    public void probabilities_are_those_of_the_library(string table)
    {
        var dataset = Table(table);
        foreach (var name in new[] { "random-forest", "logistic-regression" })
        {
            var (algorithm, options) = Fit(name);
            var native = algorithm.Fit(dataset.Rows, options, TestContext.Current.CancellationToken).NativeAnswers;
            Compare(dataset, name, (row, c) => native[(row * dataset.Classes.Count) + c]);
        }
    }

    // Trained by its own pipeline, as ours asks the model of each class.
    [Theory]
    [InlineData("iris")]
    [InlineData("wine")]
    [InlineData("breast-cancer")]
    [InlineData("digits")]
    public void probabilities_of_lightgbm_are_those_of_its_transform(string table)
    {
        var dataset = Table(table);
        var (algorithm, options) = Fit("lightgbm");
        var view = new RowsView(dataset.Rows, ClassWeight.Of(dataset.Rows, options.Parameters));
        var trainer = TrainerOptions.Configure<
            LightGbmMulticlassTrainer.Options,
            VBuffer<float>,
            MulticlassPredictionTransformer<OneVersusAllModelParameters>,
            OneVersusAllModelParameters>(new() { UseSoftmax = true }, options, dataset.Rows.Count);

        var transformed = new MLContext(options.Seed).MulticlassClassification.Trainers.LightGbm(trainer).Fit(view).Transform(view);

        float[][] native = [.. transformed.GetColumn<VBuffer<float>>("Score").Select(score => score.DenseValues().ToArray())];
        Compare(dataset, algorithm.Name, (row, c) => native[row][c]);
    }

    private static (Algorithm Algorithm, FitOptions Options) Fit(string name)
    {
        var algorithm = KnownAlgorithms.Find(name);
        var parameters = ParameterSet.Resolve(algorithm, new Dictionary<string, string>());
        return (algorithm, new FitOptions(parameters, new TrainingOptions().Seed, Missing: false));
    }

    private static void Compare(Dataset dataset, string algorithm, Func<int, int, double> native)
    {
        var options = new TrainingOptions { Algorithm = algorithm, Holdout = 0.1 };
        var model = ModelReader.Read(new Trainer(dataset, options).Train(null, TestContext.Current.CancellationToken).ModelJson);
        var answers = new double[model.Answers];
        for (var row = 0; row < dataset.Rows.Count; row++)
        {
            model.PredictProbabilities(dataset.Rows.Row(row), answers);
            for (var c = 0; c < answers.Length; c++)
            {
                Assert.Equal(native(row, c), answers[c], 1e-6);
            }
        }
    }

    private static Dataset Table(string name) =>
        DatasetReader.ReadFile(Path.Combine(Repository.Root, "tests", "Learning.Tests", "Python", "answers", $"{name}.csv.gz"));
}
