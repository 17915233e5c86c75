using System.Globalization;
using IrisOperator.Testing;

namespace IrisOperator.TrainerImage.Tests.Publishing;

/// <summary>Model folders as a training leaves them, without training.</summary>
internal static class TestModels
{
    public const string DatasetDigest = "sha256:b1b3837538684338d59678c44c37ed560fcc17beedfd76780d88bef0b7389697";

    /// <param name="folder">Made if absent.</param>
    /// <param name="weight">Another one is another model.</param>
    /// <param name="outcome">Of the report.</param>
    /// <param name="edit">Changes the model, such as its features.</param>
    /// <returns>The model's digest.</returns>
    public static string Write(string folder, int weight = 2, string outcome = "Accepted", Func<string, string>? edit = null)
    {
        var message = outcome == "Accepted" ? "" : "\"message\":\"accuracy 0.9 is below the required 0.95\",";
        var report = $$"""
            {"formatVersion":1,"outcome":"{{outcome}}",{{message}}
            "dataset":{"file":"iris.csv","digest":"{{DatasetDigest}}"},"folds":5,"seed":{{weight.ToString(CultureInfo.InvariantCulture)}},
            "metrics":{"accuracy":0.95333333,"macroF1":0.9532,"logLoss":0.15},
            "versions":{"trainer":"0.1.0","trainerDigest":"{{DatasetDigest}}","library":"XGBoost 1.7.4"} }
            """;
        var model = ModelFixtures.IrisJson(weight);
        return ModelFixtures.WriteFolder(folder, edit?.Invoke(model) ?? model, report);
    }
}
