using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using IrisOperator.Operator.Api.V1Alpha1;
using IrisOperator.Operator.Registries;
using IrisOperator.Testing.ControlPlane;

namespace IrisOperator.ApiServer.Tests.Operator;

/// <summary>
/// The process dies before or after each of its writes and another takes over, or it loses the answer to a write that was done: the end
/// state and the numbers of creates and deletes are those of an undisturbed run (Sieve's oracle; points are counted, never random).
/// </summary>
public sealed partial class CrashTests(ControlPlaneFixture fixture)
{
    // More than any scenario writes; a scenario is through when its crash point was not reached.
    private const int MaxWrites = 60;

    private const string Newer = "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

    [Theory]
    [InlineData(Fault.DiesBefore)]
    [InlineData(Fault.DiesAfter)]
    [InlineData(Fault.AnswerLost)]
    public async Task a_crash_at_any_write_of_a_training_and_its_model_changes_nothing(Fault fault) => await CrashEverywhereAsync(
        fault,
        async world =>
        {
            await using var cluster = new Cluster(world);
            await world.CreateTrainingAsync();
            await world.CreateModelAsync();
            await world.UntilModelAsync("Serving");
        });

    [Theory]
    [InlineData(Fault.DiesBefore)]
    [InlineData(Fault.DiesAfter)]
    [InlineData(Fault.AnswerLost)]
    public async Task a_crash_at_any_write_of_a_failed_run_and_its_repair_changes_nothing(Fault fault) => await CrashEverywhereAsync(
        fault,
        async world =>
        {
            await using var cluster = new Cluster(world, _ => Cluster.BadInput);
            await world.CreateTrainingAsync();
            await world.UntilTrainingAsync("InvalidDataset");
            cluster.Report = _ => Cluster.Accepted;
            await world.PatchAsync<IrisTraining>("iris", """{"spec":{"evaluation":{"seed":7}}}""");
            await world.UntilTrainingAsync("Accepted");
        });

    [Theory]
    [InlineData(Fault.DiesBefore)]
    [InlineData(Fault.DiesAfter)]
    [InlineData(Fault.AnswerLost)]
    public async Task a_crash_at_any_write_of_a_rebase_changes_nothing(Fault fault) => await CrashEverywhereAsync(
        fault,
        async world =>
        {
            await using var cluster = new Cluster(world);
            await world.CreateTrainingAsync(spec: World.Publishing with { Publish = World.Publishing.Publish! with { Rebase = true } });
            await world.UntilAsync<IrisTraining>("iris", training =>
                World.StateOf(training, StepTask.Rebase) == StepState.Succeeded);
        },
        images: new OneBase(Cluster.Base));

    [Theory]
    [InlineData(Fault.DiesBefore)]
    [InlineData(Fault.DiesAfter)]
    [InlineData(Fault.AnswerLost)]
    public async Task a_crash_at_any_write_of_a_removal_changes_nothing(Fault fault) => await CrashEverywhereAsync(
        fault,
        async world =>
        {
            await using var cluster = new Cluster(world);
            await world.CreateTrainingAsync(spec: World.Publishing with { Publish = World.Publishing.Publish! with { Retain = 3 } });
            await world.UntilAsync<IrisTraining>("iris", training =>
                World.StateOf(training, StepTask.Prune) == StepState.Succeeded);
        },
        images: new OneBase(Cluster.Base));

    [Theory]
    [InlineData(Fault.DiesBefore)]
    [InlineData(Fault.DiesAfter)]
    [InlineData(Fault.AnswerLost)]
    public async Task a_crash_at_any_write_of_a_canary_and_its_promotion_changes_nothing(Fault fault) => await CrashEverywhereAsync(
        fault,
        async world =>
        {
            await using var cluster = new Cluster(world);
            await world.UntilAsync<IrisModel>("iris", model =>
                World.Ready(model.Status?.Conditions)?.Reason == "Serving" && model.Status?.Image?.Version == "1.0.1");
            await World.UntilAsync("the canary's absence", async () => (await world.ListAsync<V1Deployment>()).Count == 1);
        },
        CreateServedModelAsync,
        new OneVersion(new FoundImage("1.0.1", Newer)));

    // As it is left by an operator that served 1.0.0.
    private static async Task CreateServedModelAsync(World world)
    {
        const string served = $"registry.test/iris@{Cluster.Digest}";
        await world.CreateModelAsync(spec: new IrisModelSpec
        {
            Replicas = 3,
            Image = new ModelImageSpec { Repository = "registry.test/iris", Version = "1.x" },
            Rollout = new RolloutSpec { Canary = new CanarySpec { Weight = 34, DurationSeconds = 1 } },
        });
        await world.Client.PatchStatusAsync<IrisModel>(
            world.Key("iris"),
            JsonNode.Parse($$$"""
                {"status":{"image":{"version":"1.0.0","digest":"{{{Cluster.Digest}}}","reference":"{{{served}}}"},
                 "history":[{"version":"1.0.0","digest":"{{{Cluster.Digest}}}","reference":"{{{served}}}"}]}}
                """)!.AsObject(),
            null,
            TestContext.Current.CancellationToken);
    }

    private async Task CrashEverywhereAsync(
        Fault fault, Func<World, Task> story, Func<World, Task>? prepare = null, IImageSource? images = null)
    {
        var reference = await RunAsync(null, story, prepare, images);
        for (var write = 1; write <= MaxWrites; write++)
        {
            var run = await RunAsync(new CrashPoint(write, fault), story, prepare, images);
            Assert.True(
                (reference.Counts, reference.State) == (run.Counts, run.State),
                $"{fault} at write {write} ({string.Join(", ", run.Writes)}):\n{run.Counts}\n{run.State}\n"
                + $"undisturbed:\n{reference.Counts}\n{reference.State}");
            if (!run.WasHit)
            {
                var points = write - 1;
                TestContext.Current.TestOutputHelper!.WriteLine($"{fault}: {points}/{points} points, each with {reference.Counts}");
                Assert.True(points >= 4, "the story writes too little to tell anything");
                return;
            }
        }

        Assert.Fail($"still writing after {MaxWrites} writes");
    }

    private async Task<(string Counts, string State, bool WasHit, IReadOnlyList<string> Writes)> RunAsync(
        CrashPoint? crash, Func<World, Task> story, Func<World, Task>? prepare, IImageSource? images)
    {
        using var world = await World.CreateAsync(fixture);
        await (prepare?.Invoke(world) ?? Task.CompletedTask);
        var first = OperatorProcess.Start(world.Client, world.Space, crash, images: images);
        var takeOver = TakeOverAsync(world, first, images);
        await story(world);
        var (hit, died) = (first.Client.WasHit, first.Client.Died.IsCompleted);
        await first.DisposeAsync();
        var second = died ? await takeOver : null;
        await (second?.DisposeAsync() ?? default);
        var counted = first.Writes.Concat(second?.Writes ?? [])
            .Where(write => write.StartsWith("create", StringComparison.Ordinal) || write.StartsWith("delete", StringComparison.Ordinal));
        var counts = string.Join(", ", counted
            .GroupBy(write => write[..write.LastIndexOf(' ')])
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => $"{group.Key} {group.Count()}"));
        return (counts, await StateAsync(world), hit, first.Writes);
    }

    private static async Task<OperatorProcess> TakeOverAsync(World world, OperatorProcess first, IImageSource? images)
    {
        await first.Client.Died;
        return OperatorProcess.Start(world.Client, world.Space, images: images);
    }

    /// <summary>Everything in the namespace but what differs between two undisturbed runs: uids, times, versions, hashes of uids.</summary>
    private static async Task<string> StateAsync(World world)
    {
        string[] parts =
        [
            .. await PrintAsync<IrisTraining>(world), .. await PrintAsync<IrisModel>(world), .. await PrintAsync<V1Job>(world),
            .. await PrintAsync<V1Deployment>(world), .. await PrintAsync<V1Service>(world),
            .. await PrintAsync<V1PersistentVolumeClaim>(world),
        ];
        return string.Join('\n', parts);
    }

    private static async Task<IEnumerable<string>> PrintAsync<T>(World world)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        (await world.ListAsync<T>())
            .Select(obj => JsonSerializer.Serialize(obj, Kind<T>.JsonTypeInfo))
            .Select(text => Comparable(text, world.Space))
            .Order(StringComparer.Ordinal);

    private static string Comparable(string text, string space) =>
        Varying().Replace(Uninteresting().Replace(text, "").Replace(space, "space", StringComparison.Ordinal), "~");

    [GeneratedRegex(
        """(?<=iris-)[0-9a-f]{10}|(?<=revision":")[0-9a-f]{10}|(?<=applied-hash":")[0-9a-f]{16}|\b10\.0\.\d+\.\d+|"""
        + """\d{4}-\d\d-\d\dT[\d:]+Z|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}""")]
    private static partial Regex Varying();

    [GeneratedRegex("\"(resourceVersion|controller-uid)\":\"[^\"]*\",?")]
    private static partial Regex Uninteresting();
}
