using IrisOperator.Operator.Api.V1Alpha1;
using IrisOperator.Operator.Startup;
using IrisOperator.Testing.ControlPlane;

namespace IrisOperator.ApiServer.Tests.Operator;

/// <summary>Each mistake has a condition that names the field or the cause, and nothing that was good is lost.</summary>
public sealed class BadInputTests(ControlPlaneFixture fixture)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_claim_that_does_not_exist_is_waited_for()
    {
        using var world = await World.CreateAsync(fixture);
        await using var cluster = new Cluster(world);
        await using var process = OperatorProcess.Start(world.Client, world.Space);
        await world.CreateTrainingAsync(spec: new IrisTrainingSpec { Dataset = new DatasetSource { ClaimName = "nowhere" } });

        var training = await world.UntilTrainingAsync("DatasetClaimNotFound");
        Assert.StartsWith("spec.dataset.claimName: ", World.Ready(training.Status!.Conditions)!.Message, StringComparison.Ordinal);

        await world.CreateClaimAsync("nowhere");
        await world.UntilTrainingAsync("Accepted");
    }

    [Fact]
    public async Task a_training_that_does_not_exist_is_waited_for()
    {
        using var world = await World.CreateAsync(fixture);
        await using var cluster = new Cluster(world);
        await using var process = OperatorProcess.Start(world.Client, world.Space);
        await world.CreateModelAsync();

        await world.UntilModelAsync("TrainingNotFound");
        await world.CreateTrainingAsync();
        await world.UntilModelAsync("Serving");
    }

    [Fact]
    public async Task a_failed_run_shows_the_trainers_words_and_keeps_the_model_that_is_served()
    {
        using var world = await World.CreateAsync(fixture);
        await using var cluster = new Cluster(world);
        await using var process = OperatorProcess.Start(world.Client, world.Space);
        await world.CreateTrainingAsync();
        await world.CreateModelAsync();
        await world.UntilModelAsync("Serving");

        cluster.Report = _ => Cluster.BadInput;
        await world.PatchAsync<IrisTraining>("iris", """{"spec":{"evaluation":{"folds":7}}}""");
        var training = await world.UntilTrainingAsync("InvalidDataset");
        await world.UntilCaughtUpAsync();

        Assert.Contains("iris.csv is empty", World.Ready(training.Status!.Conditions)!.Message, StringComparison.Ordinal);
        // Field report: the Job of bad input was started again, and then deleted with its log.
        Assert.Equal(2, (await world.ListAsync<V1Job>()).Count);
        Assert.Equal("Serving", World.Ready((await world.Client.GetAsync<IrisModel>(world.Key("iris"), Stop))!.Status!.Conditions)!.Reason);
    }

    [Fact]
    public async Task names_of_253_characters_are_refused_in_the_status()
    {
        using var world = await World.CreateAsync(fixture);
        await using var process = OperatorProcess.Start(world.Client, world.Space);
        var name = new string('a', 253);
        await world.CreateTrainingAsync(name);
        await world.CreateModelAsync(name);

        var training = await world.UntilTrainingAsync("InvalidName", name);
        await world.UntilModelAsync("InvalidName", name);

        Assert.Contains("metadata.name", World.Ready(training.Status!.Conditions)!.Message, StringComparison.Ordinal);
        Assert.Empty(await world.ListAsync<V1Deployment>());
    }

    [Fact]
    public async Task a_deployment_of_somebody_else_is_left_alone()
    {
        using var world = await World.CreateAsync(fixture);
        await using var process = OperatorProcess.Start(world.Client, world.Space);
        var foreign = await world.Client.CreateAsync(KubeClientTests.Deployment(world.Key("iris")), Stop);
        await world.CreateModelAsync(spec: World.FixedImage);

        var model = await world.UntilModelAsync("NameConflict");
        await world.UntilCaughtUpAsync();

        Assert.Contains(
            "Deployment iris was made by somebody else", World.Ready(model.Status!.Conditions)!.Message, StringComparison.Ordinal);
        Assert.Equal(
            foreign.Metadata.ResourceVersion,
            (await world.Client.GetAsync<V1Deployment>(world.Key("iris"), Stop))!.Metadata.ResourceVersion);
    }

    [Fact]
    public async Task what_the_server_refuses_is_shown_in_its_words()
    {
        using var world = await World.CreateAsync(fixture);
        await using var process = OperatorProcess.Start(world.Client, world.Space);
        var limits = new Dictionary<string, string> { ["memory"] = "1Mi" };
        var requests = new Dictionary<string, string> { ["memory"] = "1Gi" };
        var server = new ServerSpec { Resources = new ResourceSpec { Limits = limits, Requests = requests } };
        await world.CreateModelAsync(spec: World.FixedImage with { Server = server });

        var model = await world.UntilModelAsync("ChildInvalid");

        Assert.Contains(
            "must be less than or equal to memory limit", World.Ready(model.Status!.Conditions)!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"spec":{"replicas":-1}}""", "spec.replicas")]
    [InlineData("""{"spec":{"replicas":"three"}}""", "spec.replicas")]
    [InlineData("""{"spec":{"server":{"port":80}}}""", "spec.server.port")]
    [InlineData("""{"spec":{"model":{"trainingRef":{"run":1}}}}""", "spec.model.trainingRef.name")]
    public async Task the_schema_refuses_at_once(string patch, string field)
    {
        using var world = await World.CreateAsync(fixture);
        await world.CreateModelAsync(spec: World.FixedImage);

        var error = await Assert.ThrowsAsync<KubeApiException>(() => world.PatchAsync<IrisModel>("iris", patch));

        Assert.True(error.IsInvalid, error.Message);
        Assert.Contains(field, error.Message, StringComparison.Ordinal);
    }

    // Field report: cpu: 0.5 without quotes was refused, which a Deployment takes.
    [Fact]
    public async Task numbers_need_no_quotes()
    {
        using var world = await World.CreateAsync(fixture);
        await world.CreateTrainingAsync();
        const string Numbers = """
            {"spec":{"trainer":{"resources":{"requests":{"cpu":0.5},"limits":{"cpu":"1","memory":200000000}}},"output":{"size":1000000},
            "evaluation":{"require":{"accuracy":0.95}},"algorithm":{"parameters":{"rounds":50}}}}
            """;

        await world.PatchAsync<IrisTraining>("iris", Numbers);
        var spec = (await world.Client.GetAsync<IrisTraining>(world.Key("iris"), Stop))!.Spec;

        Assert.Equal("0.5", spec.Trainer!.Resources!.Requests!["cpu"]);
        Assert.Equal("200000000", spec.Trainer.Resources.Limits!["memory"]);
        Assert.Equal("1000000", spec.Output!.Size);
        Assert.Equal("0.95", spec.Evaluation!.Require!["accuracy"]);
        Assert.Equal("50", spec.Algorithm!.Parameters!["rounds"]);
    }

    [Theory]
    [InlineData("true")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("\"much\"")]
    public async Task what_is_neither_number_nor_quantity_is_refused_at_once(string cpu)
    {
        using var world = await World.CreateAsync(fixture);
        await world.CreateTrainingAsync();

        var error = await Assert.ThrowsAsync<KubeApiException>(() =>
            world.PatchAsync<IrisTraining>("iris", """{"spec":{"trainer":{"resources":{"limits":{"cpu":""" + cpu + "}}}}}"));

        Assert.True(error.IsInvalid, error.Message);
        Assert.Contains("spec.trainer.resources.limits.cpu", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task missing_rights_are_named()
    {
        using var world = await World.CreateAsync(fixture);
        using var weak = fixture.Plane.CreateClient(fixture.Plane.ForUser("weak"));

        var missing = await RequiredRights.FindMissingAsync(weak, world.Space, Stop);

        Assert.Contains($"create jobs.batch in {world.Space}", missing);
        Assert.Contains($"patch irismodels/status.iris-operator.dev in {world.Space}", missing);
        Assert.Empty(await RequiredRights.FindMissingAsync(world.Client, world.Space, Stop));
    }
}
