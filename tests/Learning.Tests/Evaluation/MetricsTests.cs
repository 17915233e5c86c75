using IrisOperator.Training.Evaluation;

namespace IrisOperator.Learning.Tests.Evaluation;

public sealed class MetricsTests
{
    private static readonly string[] Classes = ["a", "b", "c"];

    [Fact]
    public void metrics_are_those_computed_by_hand()
    {
        // Truth a a b b c; answers a b b b a: confusion a: 1 1 0, b: 0 2 0, c: 1 0 0.
        int[] labels = [0, 0, 1, 1, 2];
        double[] answers =
        [
            0.8, 0.1, 0.1,
            0.3, 0.6, 0.1,
            0.1, 0.5, 0.4,
            0.0, 1.0, 0.0,
            0.5, 0.25, 0.25,
        ];

        var metrics = Metrics.Of(Classes, labels, answers);

        Assert.Equal(0.6, metrics.Values["accuracy"], 1e-12);
        Assert.Equal([[1, 1, 0], [0, 2, 0], [1, 0, 0]], metrics.Confusion);
        Assert.Equal(-(Math.Log(0.8) + Math.Log(0.3) + Math.Log(0.5) + 0 + Math.Log(0.25)) / 5, metrics.Values["logLoss"], 1e-12);
        // Pairs of a row of the class and another row: all but one have the higher probability in the row of the class.
        Assert.Equal(new ClassMetrics("a", 0.5, 0.5, 0.5, 5.0 / 6, 2), metrics.Classes[0]);
        Assert.Equal(new ClassMetrics("b", 2.0 / 3, 1, 0.8, 5.0 / 6, 2), metrics.Classes[1]);
        Assert.Equal(new ClassMetrics("c", 0, 0, 0, 3.0 / 4, 1), metrics.Classes[2]);
        Assert.Equal(((5.0 / 6) + (5.0 / 6) + (3.0 / 4)) / 3, metrics.Values["rocAuc"], 1e-12);
        Assert.Equal((0.5 + 0.8 + 0) / 3, metrics.Values["macroF1"], 1e-12);
    }

    [Fact]
    public void equal_probabilities_count_half_and_a_class_without_rows_has_no_area()
    {
        var metrics = Metrics.Of(Classes, [0, 1, 1], [0.5, 0.5, 0, 0.5, 0.5, 0, 0.2, 0.8, 0]);

        Assert.Equal([0.75, 0.75, null], metrics.Classes.Select(c => c.RocAuc));
        Assert.Equal(0.75, metrics.Values["rocAuc"]);
        Assert.DoesNotContain("rocAuc", Metrics.Of(Classes, [0], [1, 0, 0]).Values.Keys);
    }

    [Fact]
    public void metrics_of_numbers_are_those_computed_by_hand()
    {
        // Errors 1, 0, -2, 1; the targets lie 1.5, 0.5, 0.5 and 1.5 from their mean.
        var metrics = Metrics.Of([1.0, 2, 3, 4], [2.0, 2, 1, 5]);

        Assert.Equal(["rmse", "mae", "r2"], metrics.Values.Keys);
        Assert.Equal(Math.Sqrt(6.0 / 4), metrics.Values["rmse"], 1e-12);
        Assert.Equal(1, metrics.Values["mae"], 1e-12);
        Assert.Equal(1 - (6.0 / 5), metrics.Values["r2"], 1e-12);
        Assert.Empty(metrics.Classes);
    }

    [Fact]
    public void targets_that_are_all_the_same_have_no_r2() =>
        Assert.DoesNotContain("r2", Metrics.Of([3.0, 3], [3.0, 4]).Values.Keys);

    [Fact]
    public void a_certain_wrong_answer_costs_the_clipped_logarithm()
    {
        var metrics = Metrics.Of(Classes, [0], [0.0, 1.0, 0.0]);

        Assert.Equal(-Math.Log(1e-15), metrics.Values["logLoss"], 1e-9);
    }
}
