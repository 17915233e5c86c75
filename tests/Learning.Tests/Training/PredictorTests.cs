using IrisOperator.Learning.Format;
using IrisOperator.Testing;

namespace IrisOperator.Learning.Tests.Training;

public sealed class PredictorTests
{
    public PredictorTests() => NativeLibraries.Require();

    [Theory]
    [InlineData("xgboost")]
    [InlineData("svm")]
    [InlineData("lightgbm")]
    [InlineData("random-forest")]
    [InlineData("logistic-regression")]
    public void a_trained_model_predicts_without_allocating(string algorithm)
    {
        var model = Trained(algorithm);
        var probabilities = new double[3];
        double[] flower = [5.9, 3.2, 4.8, 1.8];
        model.PredictProbabilities(flower, probabilities);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            model.PredictProbabilities(flower, probabilities);
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData("xgboost")]
    [InlineData("svm")]
    [InlineData("lightgbm")]
    [InlineData("random-forest")]
    [InlineData("logistic-regression")]
    public async Task threads_share_a_model(string algorithm)
    {
        var model = Trained(algorithm);
        var rows = Samples.Iris().Rows;
        int[] alone = [.. Enumerable.Range(0, rows.Count).Select(row => model.Predict(rows.Row(row)))];

        var together = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            Task.Run(() => Enumerable.Range(0, rows.Count).Select(row => model.Predict(rows.Row(row))).ToArray())));

        Assert.All(together, answers => Assert.Equal(alone, answers));
    }

    [Theory]
    [InlineData("xgboost")]
    [InlineData("svm")]
    [InlineData("lightgbm")]
    [InlineData("random-forest")]
    [InlineData("logistic-regression")]
    public void any_finite_input_gives_a_distribution(string algorithm)
    {
        var model = Trained(algorithm);
        var random = new Random(3);
        var probabilities = new double[3];
        for (var i = 0; i < 1000; i++)
        {
            double[] features = [.. Enumerable.Range(0, 4).Select(_ => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-300, 308)))];
            model.PredictProbabilities(features, probabilities);
            Assert.All(probabilities, p => Assert.InRange(p, 0, 1));
            Assert.Equal(1, probabilities.Sum(), 1e-5);
        }
    }

    private static Model Trained(string algorithm)
    {
        var trainer = new Trainer(Samples.Iris(), new TrainingOptions { Algorithm = algorithm });
        return ModelReader.Read(trainer.Train(null, TestContext.Current.CancellationToken).ModelJson);
    }
}
