using System.Globalization;
using System.Text;
using IrisOperator.Testing;
using IrisOperator.Training.Data;

namespace IrisOperator.Learning.Tests;

/// <summary>Data sets for tests.</summary>
internal static class Samples
{
    public static Dataset Iris() => DatasetReader.ReadFile(Repository.IrisCsv, null);

    public static Dataset Csv(string text, string? target = null) =>
        DatasetReader.Read("t.csv", new MemoryStream(Encoding.UTF8.GetBytes(text)), new TableOptions { Target = target });

    /// <summary>A regression of the last column.</summary>
    public static Dataset Numbers(string text) =>
        DatasetReader.Read("t.csv", new MemoryStream(Encoding.UTF8.GetBytes(text)), new TableOptions { Task = TableTask.Regression });

    /// <summary>Overlapping clouds, one per class, around whole numbers; the same on every call.</summary>
    public static Dataset Clouds(int classes, int rowsPerClass, int features, int seed = 1)
    {
        var random = new Random(seed);
        var text = new StringBuilder();
        text.AppendJoin(',', Enumerable.Range(0, features).Select(f => $"f{f}")).Append(",label\n");
        for (var row = 0; row < rowsPerClass; row++)
        {
            for (var c = 0; c < classes; c++)
            {
                for (var f = 0; f < features; f++)
                {
                    var center = ((c * 7) + (f * 3)) % (classes + 2);
                    text.Append(CultureInfo.InvariantCulture, $"{center + (random.NextDouble() * 2.5):R},");
                }
                text.Append(CultureInfo.InvariantCulture, $"class{c:D3}\n");
            }
        }
        return Csv(text.ToString());
    }
}
