using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace IrisOperator.Testing;

/// <summary>
/// Writes complete model folders with small real trees for the Iris features, without the trainer or a native library.
/// Petal length below 2.45 is setosa, below 4.95 versicolor, else virginica.
/// </summary>
public static class ModelFixtures
{
    public static readonly double[] Setosa = [5.1, 3.5, 1.4, 0.2];
    public static readonly double[] Versicolor = [5.9, 3.2, 4.8, 1.8];
    public static readonly double[] Virginica = [6.3, 3.3, 6.0, 2.5];

    /// <summary>Returns the model digest. Each weight gives another digest and other probabilities, but the same classes.</summary>
    public static string WriteIris(string folder, float weight = 2)
    {
        return WriteFolder(folder, IrisJson(weight));
    }

    /// <summary>A well-formed folder whose golden samples are recorded wrongly, as by another predictor.</summary>
    public static string WriteIrisWithWrongGoldenSample(string folder)
    {
        return WriteFolder(folder, IrisJson(2, [0.1, 0.2, 0.7]));
    }

    /// <summary>Puts any text as model.json under a manifest that fits it; returns the digest.</summary>
    public static string WriteFolder(string folder, string modelJson, string reportJson = "{}\n")
    {
        Directory.CreateDirectory(folder);
        var entries = new List<string>();
        var digest = "";
        foreach (var (name, text) in new[] { ("model.json", modelJson), ("model.txt", "three stumps\n"), ("report.json", reportJson) })
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            var sum = Convert.ToHexStringLower(SHA256.HashData(bytes));
            File.WriteAllBytes(Path.Combine(folder, name), bytes);
            entries.Add(string.Create(
                CultureInfo.InvariantCulture, $$$"""{{{Quote(name)}}}:{"sha256":{{{Quote(sum)}}},"length":{{{bytes.Length}}}}"""));
            digest = digest.Length == 0 ? $"sha256:{sum}" : digest;
        }
        File.WriteAllText(
            Path.Combine(folder, "manifest.json"),
            $$$"""{"formatVersion":1,"modelDigest":{{{Quote(digest)}}},"files":{{{{string.Join(',', entries)}}}}}""");
        return digest;
    }

    public static string IrisJson(float weight = 2, double[]? recorded = null)
    {
        var w = Number(weight);
        string[] golden =
        [
            Golden(Setosa, 0, weight, recorded), Golden(Versicolor, 1, weight, recorded), Golden(Virginica, 2, weight, recorded),
        ];
        return $$"""
            {"formatVersion":1,"algorithm":"xgboost",
            "features":[{"name":"Sepal_Length","min":4.3,"max":7.9},{"name":"Sepal_Width","min":2,"max":4.4},
            {"name":"Petal_Length","min":1,"max":6.9},{"name":"Petal_Width","min":0.1,"max":2.5}],
            "classes":["setosa","versicolor","virginica"],
            "parameters":{"rounds":"1","seed":"42"},
            "goldenSamples":[{{string.Join(',', golden)}}],
            "trees":{"baseScore":0.5,"rounds":1,"classes":3,"trees":[
            {"class":0,"nodes":[{"feature":2,"threshold":2.45,"left":1,"right":2},{"value":{{w}}},{"value":-{{w}}}]},
            {"class":1,"nodes":[{"feature":2,"threshold":2.45,"left":1,"right":2},{"value":-{{w}}},
            {"feature":2,"threshold":4.95,"left":3,"right":4},{"value":{{w}}},{"value":-{{w}}}]},
            {"class":2,"nodes":[{"feature":2,"threshold":4.95,"left":1,"right":2},{"value":-{{w}}},{"value":{{w}} }]}]} }
            """;
    }

    private static string Golden(double[] data, int prediction, float weight, double[]? recorded)
    {
        // One margin is +w, two are -w: softmax of that, shifted by the largest.
        var other = Math.Exp(-2 * weight);
        var sum = 1 + (2 * other);
        double[] computed = [.. Enumerable.Range(0, 3).Select(c => (c == prediction ? 1 : other) / sum)];
        var probabilities = recorded is { Length: 3 } ? recorded : computed;
        return $$$"""{"data":{{{Numbers(data)}}},"prediction":{{{Number(prediction)}}},"probabilities":{{{Numbers(probabilities)}}}}""";
    }

    private static string Quote(string text) => $"\"{text}\"";

    private static string Numbers(double[] values) => $"[{string.Join(',', values.Select(Number))}]";

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
