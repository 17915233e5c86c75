namespace IrisOperator.Scripts.Tests;

/// <summary>The way to a cluster where a Docker engine is. Neither Docker nor K3s can be had everywhere, so stand-ins take part.</summary>
[Collection(nameof(Machine))]
public sealed class StandInTests
{
    [Fact]
    public async Task on_stand_ins_for_docker_and_k3s_a_model_is_trained_and_served_and_nothing_is_left()
    {
        Assert.SkipUnless(Environment.UserName == "root", "the stand-in for Docker needs root");
        using var script = Script.Start(["hack/cluster/standin/test"], ("CLUSTER", null), ("KUBECONFIG", null), ("REGISTRY", null));

        var (exitCode, output, errors) = await script.EndAsync(TimeSpan.FromMinutes(10));

        Assert.True(exitCode == 0, $"it ended with {exitCode}\n{output}\n{errors}");
        Assert.Contains("not K3s", errors, StringComparison.Ordinal);
    }
}
