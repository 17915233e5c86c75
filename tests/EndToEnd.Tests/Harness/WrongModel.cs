using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace IrisOperator.EndToEnd.Tests.Harness;

/// <summary>A model folder in which every sum fits, and the first recorded answer is not what the model answers.</summary>
public static class WrongModel
{
    /// <returns>A new folder.</returns>
    public static string Make(string good)
    {
        var folder = Directory.CreateTempSubdirectory("iris-wrong-model").FullName;
        foreach (var file in Directory.GetFiles(good))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        var model = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "model.json")))!;
        var sample = model["goldenSamples"]![0]!;
        sample["prediction"] = ((int)sample["prediction"]! + 1) % 3;
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
