using System.Threading.Channels;
using IrisOperator.Kube.Runtime.Caching;

namespace IrisOperator.ApiServer.Tests;

/// <summary>The watcher against a server that is killed and that forgets. Alone: other tests would not survive the kill.</summary>
[Collection(nameof(RestartsTheServer))]
public sealed class WatcherTests(OwnControlPlane own)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task watch_goes_on_without_loss_after_the_api_server_was_killed()
    {
        var plane = own.Plane;
        using var client = plane.CreateClient();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var seen = Observe(client, stop.Token);
        Assert.Equal("listed", await seen.ReadAsync(Stop));
        Assert.Equal("connected", await seen.ReadAsync(Stop));
        await client.CreateAsync(KubeClientTests.Lease(new ObjectKey("default", "before"), "x"), Stop);
        Assert.Equal("applied before", await seen.ReadAsync(Stop));

        await plane.KillApiServerAsync();
        Assert.StartsWith("failed watch_failed", await seen.ReadAsync(Stop), StringComparison.Ordinal);
        await plane.StartApiServerAsync(Stop);
        using var other = plane.CreateClient();
        await other.CreateAsync(KubeClientTests.Lease(new ObjectKey("default", "after"), "x"), Stop);

        // Whether it resumes or lists again is the server's choice; the object must come either way.
        var after = await UntilAsync(seen, told => told is "applied after" or "listed before after");
        Assert.NotNull(after);
        await stop.CancelAsync();
    }

    [Fact]
    public async Task old_version_is_answered_with_an_error_event_and_leads_to_a_list()
    {
        var plane = own.Plane;
        using var client = plane.CreateClient();
        var old = (await client.ListAsync<V1Lease>(NamespaceScope.In("kube-system"), null, Stop)).ResourceVersion;
        for (var i = 0; i < 3; i++)
        {
            await client.CreateAsync(KubeClientTests.Lease(new ObjectKey("kube-system", $"gone-{i}"), "x"), Stop);
        }

        // After a restart the server's cache begins with the present, and etcd has forgotten the rest.
        var now = (await client.ListAsync<V1Lease>(NamespaceScope.In("kube-system"), null, Stop)).ResourceVersion;
        await plane.CompactAsync(now, Stop);
        await plane.KillApiServerAsync();
        await plane.StartApiServerAsync(Stop);
        using var fresh = plane.CreateClient();
        var watcher = new Watcher<V1Lease>(fresh, NamespaceScope.In("kube-system"), null, null, TimeProvider.System, () => 0.5);

        var codes = new List<int?>();
        try
        {
            var changes = fresh.WatchAsync<V1Lease>(NamespaceScope.In("kube-system"), new WatchOptions { ResourceVersion = old }, Stop);
            await foreach (var change in changes)
            {
                codes.Add(change.Status?.Code);
            }
        }
        catch (KubeApiException error)
        {
            codes.Add(error.Code);
        }

        Assert.Equal(410, codes[^1]);
        await foreach (var told in watcher.RunAsync(Stop))
        {
            Assert.Equal(WatcherEventType.Listed, told.Type);
            break;
        }
    }

    [Fact]
    public async Task continue_token_from_before_a_compaction_is_gone_or_leads_on_through_what_was_there()
    {
        var plane = own.Plane;
        using var client = plane.CreateClient();
        for (var i = 0; i < 5; i++)
        {
            await client.CreateAsync(KubeClientTests.Lease(new ObjectKey("kube-public", $"page-{i}"), "x"), Stop);
        }

        var requests = new CompactBetweenPages(plane);
        using var slow = new KubeClient(plane.Admin, null, null, requests);

        KubeList<V1Lease>? list = null;
        var error = await Record.ExceptionAsync(async () =>
            list = await slow.ListAsync<V1Lease>(NamespaceScope.In("kube-public"), new ListOptions { PageSize = 2 }, Stop));

        Assert.True(requests.Compactions > 0);
        // Before 1.34 the server asks etcd, which has forgotten. From then on its watch cache may still have what the list began with.
        if (error is null)
        {
            Assert.Equal(["page-0", "page-1", "page-2", "page-3", "page-4"], list!.Items.Select(item => item.Metadata.Name));
        }
        else
        {
            Assert.True(Assert.IsType<KubeApiException>(error).IsGone);
        }
    }

    private static ChannelReader<string> Observe(KubeClient client, CancellationToken stop)
    {
        var told = Channel.CreateUnbounded<string>();
        var watcher = new Watcher<V1Lease>(client, NamespaceScope.In("default"), null, null, TimeProvider.System, () => 0.5);
        _ = Task.Run(
            async () =>
            {
                await foreach (var change in watcher.RunAsync(stop))
                {
                    told.Writer.TryWrite(change.Type switch
                    {
                        WatcherEventType.Listed =>
                            $"listed {string.Join(' ', change.List!.Items.Select(item => item.Metadata.Name).Order())}".Trim(),
                        WatcherEventType.Failed => $"failed {change.Failure!.Reason} {change.Failure.Message}",
                        WatcherEventType.Connected => "connected",
                        _ => $"{(change.Type == WatcherEventType.Applied ? "applied" : "other")} {change.Object?.Metadata.Name}",
                    });
                }
            },
            stop);
        return told.Reader;
    }

    private static async Task<string> UntilAsync(ChannelReader<string> seen, Func<string, bool> wanted)
    {
        while (true)
        {
            var told = await seen.ReadAsync(Stop);
            if (wanted(told))
            {
                return told;
            }
        }
    }
}
