using IrisOperator.Learning.Prediction;

namespace IrisOperator.Learning.Tests.Prediction;

public sealed class PairwiseCouplingTests
{
    [Theory]
    [InlineData(0.7, 0.3)]
    [InlineData(0.2, 0.5, 0.3)]
    [InlineData(0.1, 0.1, 0.2, 0.6)]
    public void consistent_pairs_give_back_their_distribution(params double[] expected)
    {
        var k = expected.Length;
        var pairwise = new double[k * k];
        for (var i = 0; i < k; i++)
        {
            for (var j = 0; j < k; j++)
            {
                pairwise[(i * k) + j] = expected[i] / (expected[i] + expected[j]);
            }
        }
        var p = new double[k];

        PairwiseCoupling.Solve(pairwise, p);

        Assert.Equal(1, p.Sum(), 1e-9);
        for (var i = 0; i < k; i++)
        {
            // The iteration stops at a deviation of 0.005/k.
            Assert.Equal(expected[i], p[i], 0.02);
        }
    }
}
