using IrisOperator.EndToEnd.Tests.Harness;

namespace IrisOperator.EndToEnd.Tests.Stories;

/// <summary>Two replicas of the operator: one writes, the other takes over.</summary>
[Collection(SerialStories.Name)]
public sealed class LeaderElectionTests(Cluster cluster) : Story(cluster, "leader")
{
    /// <summary>
    /// The lease's 15 seconds from when the standby saw its last renewal, which it looks for every two, and its next try.
    /// </summary>
    private static readonly TimeSpan TakeOver = TimeSpan.FromSeconds(22);

    private readonly Operator _operator = new(cluster);

    [Fact]
    public async Task a_leader_that_is_stopped_hands_over_and_work_goes_on()
    {
        await _operator.WaitUntilWholeAsync();
        var leader = await _operator.WaitForLeaderAsync(TakeOver);
        await Space.CreateIrisAsync();

        await Kubectl.RunAsync("delete", "pod", leader.NameOf(), "--namespace", Cluster.OperatorNamespace, "--wait=false");
        await Space.ApplyAsync(Manifests.Training("iris"));

        // It released the lease, so nobody waits for it to run out.
        await _operator.WaitForLeaderAsync(TimeSpan.FromSeconds(10), otherThan: leader.NameOf());
        await Space.WaitUntilReadyAsync(Resource.Trainings, "iris", 40);
    }

    [Fact]
    public async Task a_leader_that_hangs_is_replaced_and_never_writes_again()
    {
        Cluster.RequireLocal();
        await _operator.WaitUntilWholeAsync();
        var user = await _operator.UserAsync(Cancellation);
        var leader = await _operator.WaitForLeaderAsync(TakeOver);
        var process = PodProcess.Find(Cluster, leader);
        await Space.CreateIrisAsync();
        process.Freeze();
        try
        {
            await Space.ApplyAsync(Manifests.Training("iris"));
            await _operator.WaitForLeaderAsync(TakeOver, otherThan: leader.NameOf());
        }
        finally
        {
            process.Thaw();
        }

        using var audit = AuditLog.Open(Cluster);
        await Space.WaitUntilReadyAsync(Resource.Trainings, "iris", 40);
        await Space.ApplyAsync(Manifests.Model("iris"));
        await Space.WaitUntilReadyAsync(Resource.Models, "iris", 40);

        var writes = (await audit.ReadAsync(Cancellation)).Where(entry => entry.User == user && entry.IsWrite && entry.Succeeded).ToList();
        Assert.NotEmpty(writes);
        Assert.DoesNotContain(writes, entry => entry.SourceIp == leader.Text("status/podIP"));
    }

    [Fact]
    public async Task only_the_leader_writes()
    {
        Cluster.RequireLocal();
        await _operator.WaitUntilWholeAsync();
        var user = await _operator.UserAsync(Cancellation);
        var leader = await _operator.WaitForLeaderAsync(TakeOver);
        using var audit = AuditLog.Open(Cluster);

        await Space.CreateIrisAsync();
        await Space.ApplyAsync(Manifests.Training("iris"));
        await Space.WaitUntilReadyAsync(Resource.Trainings, "iris");

        var writers = (await audit.ReadAsync(Cancellation))
            .Where(entry => entry.User == user && entry.IsWrite && entry.Succeeded)
            .Select(entry => entry.SourceIp)
            .Distinct();
        Assert.Equal([leader.Text("status/podIP")], writers);
    }
}
