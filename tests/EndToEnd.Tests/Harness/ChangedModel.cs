using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace IrisOperator.EndToEnd.Tests.Harness;

/// <summary>Model folders in which every sum fits, and which no trainer would write. Each is a new folder.</summary>
public static class ChangedModel
{
    // Of the limits of the format, 200,000 trees and 32 MiB.
    private const int ManyTrees = 199_998;

    /// <summary>The first recorded answer is not what the model answers: only asking it tells.</summary>
    public static string WithWrongAnswer(string good) => Make(good, model =>
    {
        var sample = model["goldenSamples"]![0]!;
        sample["prediction"] = ((int)sample["prediction"]! + 1) % 3;
    });

    /// <summary>
    /// Trees that add nothing, so many that a batch takes seconds: every answer is right, the golden ones included, and under traffic
    /// it comes too late.
    /// </summary>
    public static string ThatIsSlow(string good) => Make(good, model =>
    {
        var ensemble = model["trees"]!;
        var trees = ensemble["trees"]!.AsArray();
        var classes = (int)ensemble["classes"]!;
        while (trees.Count < ManyTrees)
        {
            trees.Add(JsonNode.Parse($$$"""
                {"class":{{{trees.Count % classes}}},"covers":[0,1],
                "nodes":[{"feature":0,"threshold":-1000000,"left":1,"right":2},{"value":0},{"value":0}]}
                """));
        }

        ensemble["rounds"] = ManyTrees / classes;
    });

    private static string Make(string good, Action<JsonNode> change)
    {
        var folder = Directory.CreateTempSubdirectory("iris-changed-model").FullName;
        foreach (var file in Directory.GetFiles(good))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        var model = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "model.json")))!;
        change(model);
        var bytes = Encoding.UTF8.GetBytes(model.ToJsonString());
        File.WriteAllBytes(Path.Combine(folder, "model.json"), bytes);

        var manifest = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "manifest.json")))!;
        var sum = Convert.ToHexStringLower(SHA256.HashData(bytes));
        manifest["modelDigest"] = $"sha256:{sum}";
        manifest["files"]!["model.json"] = new JsonObject { ["sha256"] = sum, ["length"] = bytes.Length };
        File.WriteAllText(Path.Combine(folder, "manifest.json"), manifest.ToJsonString());
        return folder;
    }
}
