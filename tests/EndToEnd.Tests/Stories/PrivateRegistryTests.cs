using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using IrisOperator.EndToEnd.Tests.Harness;
using IrisOperator.EndToEnd.Tests.Load;

namespace IrisOperator.EndToEnd.Tests.Stories;

/// <summary>
/// Registries of companies: a password or tokens, a certificate of the house, notifications, and bad days. OUTAGE_SECONDS says how long the
/// registry is down: 10 unless set; the figure of the documentation is measured with <c>OUTAGE_SECONDS=600 ONLY=EndToEnd hack/test</c>.
/// </summary>
[Collection(SerialStories.Name)]
public sealed class PrivateRegistryTests(Cluster cluster, PrivateRegistries registries, ITestOutputHelper output)
    : Story(cluster, "private"), IClassFixture<PrivateRegistries>
{
    private const string OperatorAgent = "iris-operator";

    private static readonly TimeSpan BadDay = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(
        int.Parse(Environment.GetEnvironmentVariable("OUTAGE_SECONDS") ?? "10", CultureInfo.InvariantCulture));

    private readonly string _path = $"team/iris-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task a_training_publishes_and_a_model_follows(bool tokens)
    {
        Cluster.RequireLocal();
        var registry = tokens ? registries.Tokens : registries.Basic;
        var run = await PublishAsync(registry);
        Assert.Equal("1.0.0", run.Text("publication/version"));

        await ServeAsync(registry, pollSeconds: 10);

        Assert.Equal(run.Text("modelDigest"), await (await Space.AddressAsync("iris")).AskAsync());
        using var images = registry.Images(_path);
        await images.PushCopyAsync(of: "1.0.0", to: "1.0.1");
        await Space.WaitUntilServedAsync("iris", "1.0.1", seconds: 30);
    }

    [Fact]
    public async Task a_notified_push_rolls_out_within_five_seconds()
    {
        Cluster.RequireLocal();
        await PublishAsync(registries.Basic);
        await ServeAsync(registries.Basic, pollSeconds: 3600);
        using var images = registries.Basic.Images(_path);

        await images.PushCopyAsync(of: "1.0.0", to: "1.0.1");

        await Space.WaitUntilServedAsync("iris", "1.0.1", seconds: 5);
    }

    [Fact]
    public async Task a_registry_that_fails_disturbs_nothing_and_is_followed_again()
    {
        Cluster.RequireLocal();
        await PublishAsync(registries.Basic);
        await ServeAsync(registries.Basic, pollSeconds: 10);
        await using var load = LoadGenerator.Start(await Space.AddressAsync("iris"));

        await FailAsync(Fault.Down, "RegistryUnreachable", "1.0.1", Outage);
        await FailAsync(Fault.Unauthorized, "RegistryUnauthorized", "1.0.2", BadDay);
        await FailAsync(Fault.RateLimited, "RegistryRateLimited", "1.0.3", BadDay);
        await FailAsync(Fault.ServerError, "RegistryServerError", "1.0.4", BadDay);
        await FailAsync(Fault.Slow, "RegistryTooSlow", "1.0.5", BadDay);

        LoadAssert.NoneFailed(await load.StopAsync());
    }

    [Fact]
    public async Task a_registry_that_is_away_during_a_publication_costs_one_training_and_one_publication()
    {
        Cluster.RequireLocal();
        var registry = registries.Basic;
        using var images = registry.Images(_path);
        using var audit = AuditLog.Open(Cluster);
        await PrepareAsync(Testing.DebianRegistry.Password);
        await registry.FailAsync(Fault.Down);
        try
        {
            await ApplyTrainingAsync(registry);
            var told = await Space.WaitAsync(Resource.Trainings, "iris", "RegistryUnreachable", TimeSpan.FromSeconds(60), found =>
                found.Condition("Published").Text("reason") == "RegistryUnreachable");
            Assert.Equal("Accepted", told.LastRun().Text("state"));
            await Eventually.StaysTrueAsync("unpublished, and told so", Outage, async _ =>
                (await Space.ReadAsync(Resource.Trainings, "iris")).Condition("Published").Text("reason") == "RegistryUnreachable");
        }
        finally
        {
            await registry.FailAsync(Fault.None);
        }

        var returned = Stopwatch.GetTimestamp();
        var training = await Space.WaitAsync(Resource.Trainings, "iris", "published", TimeSpan.FromSeconds(30), found => found.IsReady());
        var seconds = Stopwatch.GetElapsedTime(returned).TotalSeconds;
        output.WriteLine($"published {seconds:0.0} s after {Outage.TotalSeconds} s without registry");

        var run = Assert.Single(training.Objects("status/runs"));
        Assert.Equal("1.0.0", run.Text("publication/version"));
        Assert.Equal(["1.0.0"], await images.VersionsAsync());
        Assert.Equal(1, run.Number("number"));
        var created = (await audit.ReadAsync(Cancellation))
            .Where(entry => entry is { Verb: "create", Resource: "jobs", Succeeded: true } && entry.Namespace == Space.Name)
            .ToList();
        output.WriteLine($"{created.Count} Jobs, of which 1 trains");
        Assert.Single(created, entry => entry.Name == run.Text("jobName"));
        // Beside the first attempt, which tells the reason soon, a pod waits for ten minutes at a time.
        Assert.InRange(created.Count, 3, 4 + (Outage.TotalSeconds / 600));
    }

    [Fact]
    public async Task a_wrong_password_of_the_publisher_is_told_and_trains_nothing_again_when_it_is_put_right()
    {
        Cluster.RequireLocal();
        await PrepareAsync("wrong");

        await ApplyTrainingAsync(registries.Basic);

        var training = await Space.WaitAsync(Resource.Trainings, "iris", "RegistryUnauthorized", TimeSpan.FromSeconds(60), found =>
            found.Condition("Published").Text("reason") == "RegistryUnauthorized");
        Assert.Null(training.LastRun().Text("publication/version"));
        Assert.Equal("False", training.Condition("Published").Text("status"));
        Assert.DoesNotContain("wrong", training.ToJsonString(), StringComparison.Ordinal);

        await Space.KubectlAsync("delete", "secret", "registry");
        await registries.CreateCredentialsAsync(Space.Name, "registry", Testing.DebianRegistry.Password);
        var corrected = Stopwatch.GetTimestamp();
        training = await Space.WaitAsync(Resource.Trainings, "iris", "published", TimeSpan.FromSeconds(30), found => found.IsReady());
        output.WriteLine($"published {Stopwatch.GetElapsedTime(corrected).TotalSeconds:0.0} s after the secret was put right");
        Assert.Equal("1.0.0", training.LastRun().Text("publication/version"));
        Assert.Single(training.Objects("status/runs"));
    }

    [Fact]
    public async Task a_missing_secret_of_the_publisher_is_told_by_name()
    {
        Cluster.RequireLocal();
        await PrepareAsync(null);

        await ApplyTrainingAsync(registries.Basic);

        var told = new Bad("FailedMount", "registry");
        await Space.WaitAsync(Resource.Trainings, "iris", told.ToString(), TimeSpan.FromSeconds(30), told.IsTold);
    }

    // What is pushed meanwhile is told to the operator, which looks at once, in vain, and then again and again.
    private async Task FailAsync(Fault fault, string reason, string pushed, TimeSpan during)
    {
        var registry = registries.Basic;
        using var images = registry.Images(_path);
        await registry.FailAsync(fault);
        try
        {
            var asked = Asked(registry);
            await images.PushCopyAsync(of: "1.0.0", to: pushed);
            var model = await Space.WaitAsync(Resource.Models, "iris", reason, TimeSpan.FromSeconds(60), found =>
                found.Condition("VersionResolved").Text("reason") == reason);
            Assert.Equal("False", model.Condition("VersionResolved").Text("status"));
            await Eventually.StaysTrueAsync("Ready", during, async _ => (await Space.ReadAsync(Resource.Models, "iris")).IsReady());
            // Looks after 1, 2, 4 and 8 seconds at the soonest, then every ten: each is two requests, of which one may be repeated.
            Assert.InRange(Asked(registry) - asked, 0, 3 * (5 + (during.TotalSeconds / 10)));
        }
        finally
        {
            await registry.FailAsync(Fault.None);
        }

        await Space.WaitUntilServedAsync("iris", pushed, seconds: 30);
    }

    private static int Asked(PrivateRegistry registry) =>
        registry.Asked.Count(agent => agent.StartsWith(OperatorAgent, StringComparison.Ordinal));

    private async Task<JsonObject> PublishAsync(PrivateRegistry registry)
    {
        await PrepareAsync(Testing.DebianRegistry.Password);
        await ApplyTrainingAsync(registry);
        return (await Space.WaitForPublicationAsync("iris", 1)).LastRun()!;
    }

    private async Task PrepareAsync(string? password)
    {
        await Space.CreateIrisAsync();
        await registries.CreateAuthorityAsync(Space.Name, "authority");
        if (password is not null)
        {
            await registries.CreateCredentialsAsync(Space.Name, "registry", password);
        }
    }

    private Task ApplyTrainingAsync(PrivateRegistry registry) => Space.ApplyAsync(Manifests.Training(
        "iris",
        more: $"publish: {{repository: \"{registry.Host}/{_path}\", version: \"1.0\", secretName: registry, caConfigMapName: authority}}"));

    private async Task ServeAsync(PrivateRegistry registry, int pollSeconds)
    {
        await Space.ApplyAsync(Manifests.Follower(
            "iris", $"{registry.Host}/{_path}", $"pollIntervalSeconds: {pollSeconds}, pullSecretName: registry"));
        await Space.WaitUntilServedAsync("iris", "1.0.0");
    }
}
