using System.Net;
using System.Net.Sockets;
using IrisOperator.EndToEnd.Tests.Harness;
using IrisOperator.EndToEnd.Tests.Load;

namespace IrisOperator.EndToEnd.Tests.Stories;

/// <summary>The instruments measure: a counter that never counts would pass every story.</summary>
public sealed class InstrumentTests(Cluster cluster) : Story(cluster, "instruments")
{
    [Fact]
    public async Task load_counts_connections_that_are_closed_without_an_answer()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var closing = CloseAllAsync(listener, ended.Token);
        await using var load = LoadGenerator.Start(new ServingAddress(new Uri($"http://{listener.LocalEndpoint}/api/predict")));
        await load.WaitForMoreAsync(30);

        var answers = await load.StopAsync();
        await ended.CancelAsync();
        await closing;

        Assert.All(answers, answer => Assert.NotNull(answer.Failure));
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => LoadAssert.NoneFailed(answers));
    }

    [Fact]
    public async Task the_audit_log_shows_a_write_as_soon_as_it_was_answered()
    {
        using var audit = AuditLog.Open(Cluster);
        await Space.KubectlAsync("create", "configmap", "seen");

        var entry = Assert.Single(await audit.ReadAsync(Cancellation), entry =>
            entry.Namespace == Space.Name && entry.IsWrite && entry.Resource == "configmaps" && entry.User == "admin");

        Assert.Equal(("create", "seen", 201), (entry.Verb, entry.Name, entry.Code));
    }

    [Fact]
    public async Task the_tiny_image_ends_with_zero()
    {
        var repository = await TinyImage.PushAsync(Cluster.Registry, "exits-with-zero", "1.0.0", TinyImage.ExitsWithZero);
        await Space.KubectlAsync("run", "tiny", $"--image={repository}:1.0.0", "--restart=Never", "--image-pull-policy=Always");

        // A kubelet of today tells of the container's end before that of the pod.
        var pod = await Space.WaitAsync(Resource.Pods, "tiny", "ended", TimeSpan.FromSeconds(30), found =>
            found.At("status/containerStatuses/0/state/terminated") is not null
            && found.Text("status/phase") is "Succeeded" or "Failed");

        Assert.Equal(0, pod.Number("status/containerStatuses/0/state/terminated/exitCode"));
        Assert.Equal("Succeeded", pod.Text("status/phase"));
    }

    private static async Task CloseAllAsync(TcpListener listener, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }
}
