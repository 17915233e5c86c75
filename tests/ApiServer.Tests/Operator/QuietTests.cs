using IrisOperator.Kube.Runtime.Leadership;
using IrisOperator.Operator.Api.V1Alpha1;
using IrisOperator.Testing.ControlPlane;

namespace IrisOperator.ApiServer.Tests.Operator;

/// <summary>The operator writes when there is something to write, and only one of them does.</summary>
public sealed class QuietTests(ControlPlaneFixture fixture)
{
    [Fact]
    public async Task a_new_process_over_twenty_settled_resources_writes_nothing()
    {
        using var world = await World.CreateAsync(fixture);
        await using var cluster = new Cluster(world);
        await using (OperatorProcess.Start(world.Client, world.Space))
        {
            for (var i = 0; i < 10; i++)
            {
                await world.CreateTrainingAsync($"iris-{i}");
                await world.CreateModelAsync(
                    $"iris-{i}",
                    new IrisModelSpec { Model = new ModelSource { TrainingRef = new TrainingReference { Name = $"iris-{i}" } } });
            }

            for (var i = 0; i < 10; i++)
            {
                await world.UntilModelAsync("Serving", $"iris-{i}");
            }

            await world.UntilCaughtUpAsync();
        }

        // A start looks at every resource, as does each resync: more than any quiet time brings.
        await using var process = OperatorProcess.Start(world.Client, world.Space);
        await world.UntilCaughtUpAsync();

        Assert.True(process.WritesButForMarkers.Count == 0, string.Join('\n', process.WritesButForMarkers));
    }

    [Fact]
    public async Task a_new_process_over_an_image_that_was_looked_after_writes_nothing()
    {
        using var world = await World.CreateAsync(fixture);
        await using var cluster = new Cluster(world);
        await using (OperatorProcess.Start(world.Client, world.Space, images: new OneBase(Cluster.Base)))
        {
            await world.CreateTrainingAsync(
                spec: World.Publishing with { Publish = World.Publishing.Publish! with { Rebase = true, Retain = 3 } });
            await world.UntilAsync<IrisTraining>("iris", training =>
                training.Status?.Steps is { Count: 3 } steps && steps.All(step => step.State == StepState.Succeeded));
            await world.UntilCaughtUpAsync();
        }

        var images = new OneBase(Cluster.Base);
        await using var process = OperatorProcess.Start(world.Client, world.Space, images: images);
        await World.UntilAsync("the look at the base", () => Task.FromResult(images.Looks > 0));
        await world.UntilCaughtUpAsync();

        Assert.True(process.WritesButForMarkers.Count == 0, string.Join('\n', process.WritesButForMarkers));
        Assert.Single((await world.Client.GetAsync<IrisTraining>(world.Key("iris"), TestContext.Current.CancellationToken))!.Status!.Runs!);
    }

    [Fact]
    public async Task labels_of_others_cause_no_write()
    {
        using var world = await World.CreateAsync(fixture);
        await using var cluster = new Cluster(world);
        await using var process = OperatorProcess.Start(world.Client, world.Space);
        await world.CreateModelAsync(spec: World.FixedImage);
        await world.UntilModelAsync("Serving");
        await world.UntilCaughtUpAsync();
        var before = process.WritesButForMarkers.Count;

        for (var i = 0; i < 5; i++)
        {
            var patch = $$$"""{"metadata":{"labels":{"team":"t{{{i}}}"},"annotations":{"note":"n{{{i}}}"} }}""";
            await world.PatchAsync<V1Deployment>("iris", patch);
            await world.PatchAsync<V1Service>("iris", patch);
        }

        await world.UntilCaughtUpAsync();
        var writes = process.WritesButForMarkers.Skip(before).ToList();
        Assert.True(writes.Count == 0, string.Join('\n', writes));
    }

    [Fact]
    public async Task fields_that_are_ours_are_put_back()
    {
        using var world = await World.CreateAsync(fixture);
        await using var cluster = new Cluster(world);
        await using var process = OperatorProcess.Start(world.Client, world.Space);
        await world.CreateModelAsync(spec: World.FixedImage with { Replicas = 2 });
        await world.UntilModelAsync("Serving");

        await world.PatchAsync<V1Deployment>("iris", """{"spec":{"replicas":7}}""");
        await world.UntilAsync<V1Deployment>("iris", deployment => deployment.Spec!.Replicas == 2);
        await world.PatchAsync<V1Deployment>("iris", """{"metadata":{"labels":{"app.kubernetes.io/managed-by":null}}}""");
        await world.UntilAsync<V1Deployment>("iris", deployment => deployment.Metadata.Labels!.ContainsKey("app.kubernetes.io/managed-by"));
        await world.PatchAsync<V1Service>("iris", """{"spec":{"selector":{"iris-operator.dev/model":"other"}}}""");
        await world.UntilAsync<V1Service>("iris", service => service.Spec!.Selector!["iris-operator.dev/model"] == "iris");
    }

    [Fact]
    public async Task of_two_replicas_only_the_leader_writes_and_the_other_takes_over()
    {
        using var world = await World.CreateAsync(fixture);
        await using var cluster = new Cluster(world);
        var first = OperatorProcess.Start(world.Client, world.Space, election: Election(world, "first"));
        await world.CreateModelAsync("one", World.FixedImage);
        await world.UntilModelAsync("Serving", "one");
        await using var second = OperatorProcess.Start(world.Client, world.Space, election: Election(world, "second"));
        await world.CreateModelAsync("two", World.FixedImage);
        await world.UntilModelAsync("Serving", "two");
        await World.UntilAsync("the standby's readiness", () => Task.FromResult(second.IsReady));
        Assert.Empty(second.Writes);

        await first.DisposeAsync();
        var written = first.Writes.Count;
        await world.CreateModelAsync("three", World.FixedImage);
        await world.UntilModelAsync("Serving", "three");

        Assert.Equal(written, first.Writes.Count);
        Assert.NotEmpty(second.Writes);
    }

    private static LeaderElectionOptions Election(World world, string identity) => new()
    {
        Namespace = world.Space,
        LeaseName = "iris-operator",
        Identity = identity,
        LeaseDuration = TimeSpan.FromSeconds(3),
        RenewDeadline = TimeSpan.FromSeconds(2),
        RetryPeriod = TimeSpan.FromMilliseconds(250),
    };
}
