using System.Globalization;
using IrisOperator.EndToEnd.Tests.Harness;

namespace IrisOperator.EndToEnd.Tests.Stories;

/// <summary>
/// Steady state is quiet. QUIET_SECONDS says how long to listen: 60 unless set; the figure of the documentation is measured
/// with <c>QUIET_SECONDS=300 ONLY=EndToEnd hack/test</c>.
/// </summary>
[Collection(SerialStories.Name)]
public sealed class QuietTests(Cluster cluster, ITestOutputHelper output) : Story(cluster, "quiet")
{
    private const int Suspended = 0;
    private const int Waiting = 8;
    private const int Failed = 9;

    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(
        int.Parse(Environment.GetEnvironmentVariable("QUIET_SECONDS") ?? "60", CultureInfo.InvariantCulture));

    [Fact]
    public async Task twenty_settled_resources_cause_no_write()
    {
        Cluster.RequireLocal();
        var user = await new Operator(Cluster).UserAsync(Cancellation);
        await Space.CreateIrisAsync();
        for (var i = 0; i < 10; i++)
        {
            // One claim for all, and among them what waits and what failed: it must be as quiet as what went well.
            var dataset = i switch
            {
                Waiting => "{claimName: nope}",
                Failed => "{configMapName: iris, target: Colour}",
                _ => "{configMapName: iris}",
            };
            await Space.ApplyAsync(Manifests.Training($"flower-{i}", dataset) + "---\n" + Manifests.Model($"flower-{i}", $"flower-{i}"));
        }

        for (var i = 0; i < Waiting; i++)
        {
            await Space.WaitUntilReadyAsync(Resource.Models, $"flower-{i}", seconds: 180);
        }

        await Space.WaitAsync(Resource.Models, $"flower-{Failed}", "NoAcceptedRun", TimeSpan.FromSeconds(60), found =>
            found.Condition("Ready").Text("message")?.Contains("Colour", StringComparison.Ordinal) == true);
        foreach (var kind in new[] { Resource.Trainings, Resource.Models })
        {
            await Space.KubectlAsync(
                "patch", kind.Name, $"flower-{Suspended}", "--type=merge", "--patch", """{"spec":{"suspend":true}}""");
            await Space.WaitAsync(kind, $"flower-{Suspended}", "Suspended and Ready", TimeSpan.FromSeconds(20), found =>
                found.HasCondition("Suspended") && found.IsReady());
        }

        await Space.WaitAsync(Resource.Trainings, $"flower-{Waiting}", "DatasetClaimNotFound", TimeSpan.FromSeconds(20), found =>
            found.HasCondition("Stalled") && found.Condition("Ready").Text("reason") == "DatasetClaimNotFound");
        await Eventually.TrueAsync("the last event of each", TimeSpan.FromSeconds(10), _ => AllAreToldAsync());
        using var audit = AuditLog.Open(Cluster);
        await Task.Delay(Quiet, TimeProvider.System, Cancellation);
        // Namespaces of former stories end in order and take their time: what the operator does in them is no part of this story.
        var requests = (await audit.ReadAsync(Cancellation))
            .Where(entry => entry.User == user && entry.Resource != "leases" && !Space.IsOfAnother(entry.Namespace))
            .ToList();

        output.WriteLine(
            $"{requests.Count(entry => entry.IsWrite)} writes of {requests.Count} requests in {Quiet.TotalSeconds} s, leases apart");
        Assert.Equal([], requests.Where(entry => entry.IsWrite).Select(entry => entry.ToString()));
        // Watches that the server ends are opened again; a poll of each object would be 20 a minute or more.
        var perMinute = requests.Count / Quiet.TotalMinutes;
        Assert.True(perMinute <= 20, $"{perMinute:0} requests a minute:\n{string.Join('\n', requests.Take(30))}");
    }

    // An event follows the status that it tells of. There is none for the tenth model, whose reason is the same from the first.
    private async Task<bool> AllAreToldAsync()
    {
        var told = (await Space.ListAsync(Resource.Events, Cancellation))
            .Select(e => (e.Text("involvedObject/uid"), e.Text("reason")))
            .ToHashSet();
        var trainings = await Space.ListAsync(Resource.Trainings, Cancellation);
        var models = await Space.ListAsync(Resource.Models, Cancellation);
        return trainings.Concat(models.Where(model => model.IsReady()))
            .All(found => told.Contains((found.Text("metadata/uid"), found.Condition("Ready").Text("reason"))));
    }
}
