using IrisOperator.EndToEnd.Tests.Harness;

namespace IrisOperator.EndToEnd.Tests.Stories;

/// <summary>What a user can get wrong in a training, one row each. The model that was good before serves on.</summary>
public sealed class BadTrainingTests(Cluster cluster, GoodModel good) : IClassFixture<GoodModel>
{
    private static readonly Dictionary<string, Bad> Rows = new()
    {
        ["unknown algorithm"] = new("InvalidParameter", "forest", "xgboost") { Spec = ["algorithm: {name: forest}"] },
        ["unknown parameter"] = new("InvalidParameter", "depth", "maxDepth") { Spec = ["""algorithm: {parameters: {depth: "3"}}"""] },
        ["bad value of a parameter"] = new("InvalidParameter", "rounds", "many") { Spec = ["algorithm: {parameters: {rounds: many}}"] },
        ["claim that does not exist"] = new("DatasetClaimNotFound", "spec.dataset.claimName", "\"nope\"") { Dataset = "{claimName: nope}" },
        ["config map that does not exist"] = new("DatasetConfigMapNotFound", "spec.dataset.configMapName", "\"nope\"")
        {
            Dataset = "{configMapName: nope}",
        },
        ["output claim that does not exist"] = new("OutputClaimNotFound", "spec.output.claimName", "\"nope\"")
        {
            Spec = ["output: {claimName: nope}"],
        },
        ["file that does not exist"] = new("InvalidDataset", "nope.csv") { Dataset = "{configMapName: iris, path: nope.csv}" },
        ["label column that does not exist"] = new("InvalidDataset", "\"Colour\"", "Species")
        {
            Dataset = "{configMapName: iris, target: Colour}",
        },
        ["image tag latest"] = new("InvalidSpec", "spec.trainer.image.version", "latest")
        {
            Spec = ["trainer: {image: {repository: registry.example/iris-trainer, version: latest}}"],
        },
        ["below the quality gate"] = new("Rejected", "accuracy", "0.9999")
        {
            Spec = ["""evaluation: {seed: 3, require: {accuracy: "0.9999"}}"""],
        },
    };

    public static TheoryData<string> Names => [.. Rows.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task bad_input_is_named_within_ten_seconds_and_the_model_serves_on(string name) => await AssertToldAsync(Rows[name]);

    [Fact]
    public async Task an_image_that_cannot_be_pulled_is_named_and_does_not_hold_up_its_correction()
    {
        var image = $"{cluster.Registry}/no-such-trainer";
        await AssertToldAsync(new Bad("ImagePullBackOff", $"{image}:1.0.0")
        {
            Spec = [$"trainer: {{image: {{repository: \"{image}\", version: 1.0.0}}}}"],
        });

        await good.Space.ApplyAsync(Manifests.Training("iris"));
        await good.Space.WaitUntilReadyAsync(Resource.Trainings, "iris");
        var model = await good.Space.WaitUntilReadyAsync(Resource.Models, "iris");
        // The same data, parameters and seed give the same model, run after run.
        Assert.Equal(good.Digest, model.Text("status/modelDigest"));
        await good.AssertServesOnAsync();
    }

    [Fact]
    public async Task a_trainer_that_ends_well_without_a_model_is_a_failed_run()
    {
        await good.PrepareAsync("bad-training");
        var repository = await TinyImage.PushAsync(cluster.Registry, "exits-with-zero", "1.0.0", TinyImage.ExitsWithZero);

        await AssertToldAsync(new Bad("NoModelReported", "exit code 0", "no report")
        {
            Spec = [$"trainer: {{image: {{repository: \"{repository}\", version: 1.0.0}}}}"],
        });
    }

    [Theory]
    [InlineData("evaluation: {folds: 1}", "spec.evaluation.folds")]
    [InlineData("backoffLimit: -1", "spec.backoffLimit")]
    [InlineData("output: {size: lots}", "spec.output.size")]
    public async Task the_schema_refuses_and_names_the_field(string field, string path)
    {
        await good.PrepareAsync("bad-training");

        var result = await Kubectl.TryApplyAsync(good.Space.Name, Manifests.Training("iris", more: field));

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(path, result.Error, StringComparison.Ordinal);
        await good.AssertServesOnAsync();
    }

    [Fact]
    public async Task a_name_of_253_characters_is_named()
    {
        await good.PrepareAsync("bad-training");
        var name = new string('a', 253);
        await good.Space.ApplyAsync(Manifests.Training(name));

        var told = new Bad("InvalidName", "metadata.name", "50", "253");
        var training = await good.Space.WaitAsync(Resource.Trainings, name, told.ToString(), Bad.Deadline, told.IsTold);

        Assert.True(training.HasCondition("Stalled"));
    }

    private async Task AssertToldAsync(Bad bad)
    {
        await good.PrepareAsync("bad-training");
        await good.Space.ApplyAsync(Manifests.Training("iris", bad.Dataset ?? "{configMapName: iris}", bad.Spec));

        var training = await good.Space.WaitAsync(Resource.Trainings, "iris", bad.ToString(), Bad.Deadline, bad.IsTold);

        Assert.Equal(good.Digest, training.Text("status/modelDigest"));
        await good.AssertServesOnAsync();
    }
}
