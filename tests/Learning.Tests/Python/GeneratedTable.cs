using System.Globalization;
using System.Text;
using IrisOperator.Training.Data;

namespace IrisOperator.Learning.Tests.Python;

/// <summary>Tables that the script make-answers makes too: 20 columns, of which the last may be texts, and 5 classes.</summary>
internal static class GeneratedTable
{
    private const int Columns = 20;

    /// <param name="missing">Percent of the numbers that are left out.</param>
    public static Dataset Of(int rows, int missing = 0, int texts = 0)
    {
        var (csv, state) = (new StringBuilder(), 1u);
        csv.AppendJoin(',', Enumerable.Range(0, Columns).Select(column => $"x{column}")).Append(",label\n");
        for (var row = 0; row < rows; row++)
        {
            int[] cells = [.. Enumerable.Range(0, Columns - texts).Select(_ => Draw(2001) - 1000)];
            int[] names = [.. Enumerable.Range(0, texts).Select(_ => Draw(8))];
            var label = ((Math.Abs(cells[0] * cells[1]) / 1000) + Math.Abs((3 * cells[2]) + cells[3]) + (100 * names.Sum())) / 400 % 5;
            string[] numbers = [.. cells.Select(cell => Draw(100) < missing ? "" : (cell / 100m).ToString(CultureInfo.InvariantCulture))];
            csv.AppendJoin(',', numbers.Concat(names.Select(name => ((char)('a' + name)).ToString()))).Append($",{label}\n");
        }
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(csv.ToString()));
        var options = new TableOptions { Missing = missing > 0 ? MissingValues.Native : MissingValues.Refuse };
        return DatasetReader.Read("made.csv", stream, options);

        int Draw(uint bound)
        {
            state = unchecked((1664525 * state) + 1013904223);
            return (int)((state >> 16) % bound);
        }
    }
}
