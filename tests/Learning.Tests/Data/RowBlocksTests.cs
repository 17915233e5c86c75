using IrisOperator.Training.Data;

namespace IrisOperator.Learning.Tests.Data;

/// <summary>What is packed comes back bit for bit.</summary>
public sealed class RowBlocksTests
{
    private const int Columns = 200;

    // More than two blocks of 2 MB, and part of a third.
    private const int Rows = 3000;

    [Fact]
    public void numbers_of_any_kind_come_back_bit_for_bit()
    {
        var random = new Random(9);
        Func<double>[] kinds =
        [
            () => random.Next(-5, 5),
            () => Math.Round(random.NextDouble() * 100, random.Next(10)),
            () => random.NextDouble(),
            () => random.Next(3) == 0 ? double.NaN : random.Next(1000) / 1000.0,
            () => -0.0,
            () => 1e300 * random.NextDouble(),
            () => int.MaxValue + random.Next(-2, 3),
            () => double.Epsilon * random.Next(3),
            () => random.Next(2) * 1e-9,
            () => double.NaN,
        ];
        var blocks = new RowBlocks(Columns);
        var written = new List<double[]>();
        for (var row = 0; row < Rows; row++)
        {
            written.Add([.. Enumerable.Range(0, Columns).Select(column => kinds[column % kinds.Length]())]);
            written[^1].CopyTo(blocks.Next());
            blocks.Commit();
        }

        var read = new double[Columns];
        for (var row = 0; row < Rows; row++)
        {
            blocks.CopyTo(row, read);

            Assert.Equal(written[row].Select(BitConverter.DoubleToInt64Bits), read.Select(BitConverter.DoubleToInt64Bits));
        }
    }

    [Fact]
    public void a_table_of_few_decimal_places_takes_half_of_its_numbers_memory()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var blocks = new RowBlocks(20);
        for (var row = 0; row < 500_000; row++)
        {
            blocks.Next().Fill(row / 100.0);
            blocks.Commit();
        }

        var taken = GC.GetTotalMemory(forceFullCollection: true) - before;

        Assert.InRange(taken, 1, 500_000L * 20 * sizeof(double) * 6 / 10);
        GC.KeepAlive(blocks);
    }
}
