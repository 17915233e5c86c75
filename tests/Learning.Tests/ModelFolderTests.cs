using IrisOperator.Testing;

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
