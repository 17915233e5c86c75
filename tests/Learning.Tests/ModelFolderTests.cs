using System.Text;
using IrisOperator.Testing;
using IrisOperator.Training.Storage;

namespace IrisOperator.Learning.Tests;

public sealed class ModelFolderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void a_complete_folder_reads_and_answers_its_golden_samples()
    {
        var digest = ModelFixtures.WriteIris(_folder.Path);

        var (model, read) = ModelFolder.Read(_folder.Path);

        Assert.Equal(digest, read);
        Assert.Equal("xgboost", model.Algorithm);
        Assert.Equal(["setosa", "versicolor", "virginica"], model.Classes);
        Assert.Equal("Petal_Width", model.Features[3].Name);
        Assert.Equal(1, model.Predict(ModelFixtures.Versicolor));
        model.VerifyGoldenSamples();
    }

    [Fact]
    public void the_content_is_the_same_whatever_the_folder_held_before()
    {
        var (first, second) = (_folder.Combine("first"), _folder.Combine("second"));
        new ModelFolderWriter().Write(second, "{}"u8.ToArray(), "other"u8.ToArray(), "other"u8.ToArray());
        foreach (var folder in new[] { first, second })
        {
            new ModelFolderWriter().Write(
                folder, Encoding.UTF8.GetBytes(ModelFixtures.IrisJson()), "text"u8.ToArray(), """{"outcome":"Accepted"}"""u8.ToArray());
        }

        var content = ModelFolder.ReadContent(first);

        Assert.Equal(["model.json", "model.txt", "report.json", "manifest.json"], content.Files.Select(file => file.Name));
        Assert.All(content.Files, file => Assert.Equal(File.ReadAllBytes(Path.Combine(first, file.Name)), file.Content.ToArray()));
        Assert.False(File.Exists(Path.Combine(second, "model.txt")));
        Assert.Equal(
            content.Files.Select(file => Digest.Of(file.Content.Span)),
            ModelFolder.ReadContent(second).Files.Select(file => Digest.Of(file.Content.Span)));
    }

    [Fact]
    public void a_report_may_be_somebody_else_s_but_must_tell_the_outcome()
    {
        ModelFixtures.WriteFolder(
            _folder.Path, ModelFixtures.IrisJson(),
            """{"outcome":"Accepted","seed":1.5,"dataset":[],"metrics":{"accuracy":"0.9","logLoss":0.1,"auc":1}}""");

        var report = ModelFolder.ReadContent(_folder.Path).Report;

        Assert.True(report.IsAccepted);
        Assert.Equal((null, null, null), (report.Seed, report.DatasetDigest, report.TrainerDigest));
        Assert.Equal([new("logLoss", 0.1)], report.Metrics);
        ModelFixtures.WriteIris(_folder.Path);
        Assert.Equal(
            "report.json: it has no outcome", Assert.Throws<ModelFormatException>(() => ModelFolder.ReadContent(_folder.Path)).Message);
    }

    [Fact]
    public void a_wrong_recorded_answer_is_a_mismatch_that_names_the_sample()
    {
        ModelFixtures.WriteIrisWithWrongGoldenSample(_folder.Path);

        var (model, _) = ModelFolder.Read(_folder.Path);

        var e = Assert.Throws<GoldenSampleMismatchException>(model.VerifyGoldenSamples);
        Assert.StartsWith("golden sample 1 of 3: ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void an_empty_folder_is_refused_by_the_name_of_the_manifest()
    {
        var e = Assert.Throws<ModelFormatException>(() => ModelFolder.Read(_folder.Path));
        Assert.Equal($"manifest.json: no such file in {_folder.Path}", e.Message);
    }
}
