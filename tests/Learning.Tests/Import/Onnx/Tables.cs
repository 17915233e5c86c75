using System.Text.Json.Nodes;
using IrisOperator.Testing;

namespace IrisOperator.Learning.Tests.Import.Onnx;

/// <summary>Tables that are in the repository, by name: their rows, and numbers of classes or of a regression.</summary>
internal static class Tables
{
    public static (double[][] Rows, float[] Targets) Read(string name)
    {
        if (name == "iris")
        {
            var iris = Samples.Iris();
            int[] each = [.. Enumerable.Range(0, iris.Rows.Count)];
            return ([.. each.Select(row => iris.Rows.Row(row).ToArray())], [.. each.Select(row => (float)iris.Rows.Labels[row])]);
        }

        // Of these two the answers of a model stand for the targets.
        var path = Path.Combine(Repository.Root, "tests", "Learning.Tests", "Import", "xgboost", $"{name}.answers.json");
        var recorded = JsonNode.Parse(File.ReadAllText(path))!;
        return (
            [.. recorded["rows"]!.AsArray().Select(row => row!.AsArray().Select(value => (double?)value ?? 0).ToArray())],
            [.. recorded["answers"]!.AsArray().Select(answer => answer is JsonArray several ? (float)several[1]! : (float)answer!)]);
    }
}
