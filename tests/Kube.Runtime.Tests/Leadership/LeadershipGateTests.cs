using IrisOperator.Kube.Runtime.Leadership;
using IrisOperator.Testing;

namespace IrisOperator.Kube.Runtime.Tests.Leadership;

public sealed class LeadershipGateTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly LeaseServer _server = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void gate_is_closed_before_and_from_its_moment_on()
    {
        var gate = new LeadershipGate(_time);
        Assert.False(gate.IsOpen);

        gate.OpenUntil(_time.GetTimestamp() + TimeSpan.FromSeconds(10).Ticks);
        _time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.True(gate.IsOpen);
        _time.Advance(TimeSpan.FromSeconds(0.1));

        Assert.False(gate.IsOpen);
    }

    [Fact]
    public async Task closed_gate_refuses_every_write_and_no_read()
    {
        _server.Put("x");
        IKubeClient client = new GatedKubeClient(_server, new LeadershipGate(_time));

        Assert.NotNull(await client.GetAsync<V1Lease>(new ObjectKey("ns", "lease"), Stop));
        await Assert.ThrowsAsync<NotLeadingException>(async () => await client.CreateAsync(Leases.Lease("a", "1"), Stop));
        await Assert.ThrowsAsync<NotLeadingException>(
            async () => await client.ApplyAsync(Leases.Lease("a", "1"), new ApplyOptions("x"), Stop));
        await Assert.ThrowsAsync<NotLeadingException>(async () => await client.PatchAsync<V1Lease>(Leases.Key("a"), [], null, Stop));
        await Assert.ThrowsAsync<NotLeadingException>(
            async () => await client.PatchStatusAsync<V1Lease>(Leases.Key("a"), [], null, Stop));
        await Assert.ThrowsAsync<NotLeadingException>(
            async () => await client.DeleteAsync<V1Lease>(Leases.Key("a"), new DeleteOptions { Uid = "x" }, Stop));
        Assert.Equal(["get"], _server.Requests);
    }
}
