using IrisOperator.EndToEnd.Tests.Harness;

namespace IrisOperator.EndToEnd.Tests.Stories;

/// <summary>What a user can get wrong in a model, one row each. What was served before is served on.</summary>
public sealed class BadModelTests(Cluster cluster, GoodModel good) : IClassFixture<GoodModel>
{
    private static readonly Dictionary<string, Bad> Rows = new()
    {
        ["training that does not exist"] = new("TrainingNotFound", "spec.model.trainingRef.name", "\"nope\"")
        {
            Spec = ["model: {trainingRef: {name: nope}}"],
        },
        ["run that does not exist"] = new("RunNotFound", "spec.model.trainingRef.run", "99")
        {
            Spec = ["model: {trainingRef: {name: iris, run: 99}}"],
        },
        ["image tag latest"] = new("InvalidSpec", "spec.image.version", "latest")
        {
            Spec = ["image: {repository: registry.example/iris-serving, version: latest}"],
        },
        ["no image tag"] = new("InvalidSpec", "spec.image.version") { Spec = ["image: {repository: registry.example/iris-serving}"] },
        ["image tag that is no version"] = new("InvalidSpec", "spec.image.version", "stable")
        {
            Spec = ["image: {repository: registry.example/iris-serving, version: stable}"],
        },
        ["pin that is a range"] = new("InvalidSpec", "spec.image.pin", "1.x")
        {
            Spec = ["image: {repository: registry.example/iris-serving, version: 1.x, pin: 1.x}"],
        },
        ["registry that does not exist"] = new("RegistryUnreachable", "registry.invalid")
        {
            Spec = ["image: {repository: registry.invalid/iris, version: 1.x}"],
        },
    };

    public static TheoryData<string> Names => [.. Rows.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task bad_input_is_named_within_ten_seconds_and_the_model_serves_on(string name) => await AssertToldAsync(Rows[name]);

    [Fact]
    public async Task an_image_that_cannot_be_pulled_is_named_while_the_old_one_serves()
    {
        var image = $"{cluster.Registry}/no-such-server";
        await AssertToldAsync(new Bad("RepositoryNotFound", image, "serve on")
        {
            Spec = [$"image: {{repository: \"{image}\", version: 1.0.0}}"],
        });

        // A digest is nothing that the registry has to be asked for, so kubelet is the first to notice.
        var digest = $"sha256:{new string('0', 64)}";
        await AssertToldAsync(new Bad("ImagePullBackOff", $"{image}@{digest}", "still serve")
        {
            Spec = [$"image: {{repository: \"{image}\", version: \"{digest}\"}}"],
        });
        await RestoreAsync();
    }

    [Fact]
    public async Task negative_replicas_are_refused_by_the_schema()
    {
        await good.PrepareAsync("bad-model");
        var before = await good.Space.ReadAsync(Resource.Deployments, "iris");

        var result = await Kubectl.TryApplyAsync(good.Space.Name, Manifests.Model("iris", replicas: -1));

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("spec.replicas", result.Error, StringComparison.Ordinal);
        var after = await good.Space.ReadAsync(Resource.Deployments, "iris");
        Assert.Equal(before.Text("metadata/generation"), after.Text("metadata/generation"));
        await good.AssertServesOnAsync();
    }

    [Fact]
    public async Task a_training_without_an_accepted_run_is_named_with_its_own_reason()
    {
        await good.PrepareAsync("bad-model");
        await good.Space.ApplyAsync(Manifests.Training("waiting", "{claimName: nope}"));
        await good.Space.ApplyAsync(Manifests.Model("waits", training: "waiting"));

        var told = new Bad("NoAcceptedRun", "\"waiting\"", "DatasetClaimNotFound", "\"nope\"");
        await good.Space.WaitAsync(Resource.Models, "waits", told.ToString(), Bad.Deadline, told.IsTold);

        Assert.Null(await good.Space.GetAsync(Resource.Deployments, "waits", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task a_name_of_253_characters_is_named()
    {
        await good.PrepareAsync("bad-model");
        var name = new string('a', 253);
        await good.Space.ApplyAsync(Manifests.Model(name));

        var told = new Bad("InvalidName", "metadata.name", "50", "253");
        await good.Space.WaitAsync(Resource.Models, name, told.ToString(), Bad.Deadline, told.IsTold);
    }

    [Fact]
    public async Task a_name_that_is_taken_by_a_foreign_object_is_named_and_the_object_left_alone()
    {
        await good.PrepareAsync("bad-model");
        await good.Space.KubectlAsync("create", "service", "clusterip", "taken", "--tcp=80:8080");
        await good.Space.ApplyAsync(Manifests.Model("taken"));

        var told = new Bad("NameConflict", "Service", "taken");
        await good.Space.WaitAsync(Resource.Models, "taken", told.ToString(), Bad.Deadline, told.IsTold);

        Assert.Equal("8080", (await good.Space.ReadAsync(Resource.Services, "taken")).Text("spec/ports/0/targetPort"));
    }

    [Fact]
    public async Task a_truncated_model_file_is_never_served()
    {
        cluster.RequireLocal();
        await good.PrepareAsync("bad-model");
        await good.Space.ApplyAsync(Manifests.Training("torn", more: "evaluation: {seed: 9}"));
        var run = (await good.Space.WaitUntilReadyAsync(Resource.Trainings, "torn")).LastRun()!;
        var file = Path.Combine(await good.Space.VolumeFolderAsync(run.Text("claimName")!), run.Text("modelPath")!, "model.json");
        using (var model = new FileStream(file, FileMode.Open, FileAccess.Write))
        {
            model.SetLength(model.Length / 2);
        }

        await AssertToldAsync(new Bad("ModelLoadFailed", "model.json", "still serve") { Spec = ["model: {trainingRef: {name: torn}}"] });
        await RestoreAsync();
    }

    private async Task AssertToldAsync(Bad bad)
    {
        await good.PrepareAsync("bad-model");
        await ApplyAsync(bad.Spec);

        await good.Space.WaitAsync(Resource.Models, "iris", bad.ToString(), Bad.Deadline, bad.IsTold);

        await good.AssertServesOnAsync();
    }

    private async Task RestoreAsync()
    {
        await ApplyAsync([]);
        await good.Space.WaitUntilReadyAsync(Resource.Models, "iris");
        await good.AssertServesOnAsync();
    }

    private Task ApplyAsync(string[] spec)
    {
        var withModel = spec.Any(line => line.StartsWith("model:", StringComparison.Ordinal));
        var lines = withModel ? spec : ["model: {trainingRef: {name: iris}}", .. spec];
        return good.Space.ApplyAsync(
            $"""
            apiVersion: iris-operator.dev/v1alpha1
            kind: IrisModel
            metadata:
              name: iris
            spec:
              {string.Join("\n  ", lines)}
            """);
    }
}
