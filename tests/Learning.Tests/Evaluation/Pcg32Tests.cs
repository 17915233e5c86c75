using IrisOperator.Training.Evaluation;

namespace IrisOperator.Learning.Tests.Evaluation;

public sealed class Pcg32Tests
{
    [Fact]
    public void the_sequence_is_that_of_the_reference_program()
    {
        // Round 1 of the demo of pcg-c-basic: seed 42, stream 54.
        var random = new Pcg32(42);

        uint[] drawn = [random.Next(), random.Next(), random.Next(), random.Next(), random.Next(), random.Next()];

        Assert.Equal([0xa15c02b7, 0x7b47f409, 0xba1d3330, 0x83d2f293, 0xbfa4784b, 0xcbed606e], drawn);
    }

    [Fact]
    public void a_shuffle_keeps_every_element_and_moves_most()
    {
        int[] items = [.. Enumerable.Range(0, 1000)];

        new Pcg32(7).Shuffle(items);

        Assert.Equal(Enumerable.Range(0, 1000), items.Order());
        Assert.InRange(items.Where((item, i) => item == i).Count(), 0, 10);
    }

    [Fact]
    public void numbers_below_a_bound_are_uniform()
    {
        var random = new Pcg32(1);
        var counts = new int[7];
        for (var i = 0; i < 70_000; i++)
        {
            counts[random.Below(7)]++;
        }
        // Five standard deviations of a binomial count around 10,000.
        Assert.All(counts, count => Assert.InRange(count, 9_537, 10_463));
    }
}
