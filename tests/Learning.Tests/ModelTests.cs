using IrisOperator.Testing;

namespace IrisOperator.Learning.Tests;

public sealed class ModelTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Model _model;

    public ModelTests()
    {
        ModelFixtures.WriteIris(_folder.Path);
        _model = ModelFolder.Read(_folder.Path).Model;
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void wrong_lengths_and_numbers_that_are_not_finite_are_refused()
    {
        Assert.StartsWith("expected 4 numbers, got 3", Message([1, 2, 3], new double[3]), StringComparison.Ordinal);
        Assert.StartsWith("expected room for 3 classes, got 2", Message([1, 2, 3, 4], new double[2]), StringComparison.Ordinal);
        Assert.StartsWith("expected finite numbers", Message([1, 2, 3, double.NaN], new double[3]), StringComparison.Ordinal);
        Assert.StartsWith("expected finite numbers", Message([1, 2, 3, double.NegativeInfinity], new double[3]), StringComparison.Ordinal);
    }

    [Fact]
    public void a_value_at_a_threshold_goes_right()
    {
        Assert.Equal(0, _model.Predict([5, 3, 2.4499, 1]));
        Assert.Equal(1, _model.Predict([5, 3, 2.45, 1]));
        Assert.Equal(2, _model.Predict([5, 3, 4.95, 1]));
    }

    [Fact]
    public void values_beyond_float32_are_answered()
    {
        Assert.Equal(2, _model.Predict([0, 0, 1e300, 0]));
        Assert.Equal(0, _model.Predict([0, 0, -1e300, 0]));
    }

    [Fact]
    public void a_prediction_allocates_nothing()
    {
        var probabilities = new double[3];
        Predict();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            Predict();
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Predict() => _model.PredictProbabilities(ModelFixtures.Versicolor, probabilities);
    }

    private string Message(double[] features, double[] probabilities)
    {
        return Assert.Throws<ArgumentException>(() => _model.PredictProbabilities(features, probabilities)).Message;
    }
}
