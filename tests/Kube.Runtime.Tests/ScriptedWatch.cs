using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace IrisOperator.Kube.Runtime.Tests;

/// <summary>
/// A server of leases whose lists and watches are scripted one by one; without a script a list fails and a watch stays silent.
/// </summary>
internal sealed class ScriptedWatch : ClientStub
{
    private readonly Queue<Func<KubeList<V1Lease>>> _lists = new();
    private readonly Queue<Channel<WatchEvent<V1Lease>>> _watches = new();

    public List<WatchOptions> Watches { get; } = [];

    public int Lists { get; private set; }

    public Channel<WatchEvent<V1Lease>> Current { get; private set; } = Channel.CreateUnbounded<WatchEvent<V1Lease>>();

    public ScriptedWatch List(string version, params IReadOnlyList<V1Lease> items)
    {
        _lists.Enqueue(() => new KubeList<V1Lease>(items, version, []));
        return this;
    }

    public ScriptedWatch List(KubeList<V1Lease> list)
    {
        _lists.Enqueue(() => list);
        return this;
    }

    public ScriptedWatch ListFails(Exception error)
    {
        _lists.Enqueue(() => throw error);
        return this;
    }

    /// <summary>A connection that delivers, then ends, breaks or stays open.</summary>
    public ScriptedWatch Watch(IEnumerable<WatchEvent<V1Lease>> events, bool ends = false, Exception? breaks = null)
    {
        var channel = Channel.CreateUnbounded<WatchEvent<V1Lease>>();
        foreach (var one in events)
        {
            channel.Writer.TryWrite(one);
        }

        if (ends || breaks is not null)
        {
            channel.Writer.Complete(breaks);
        }

        _watches.Enqueue(channel);
        return this;
    }

    public override Task<KubeList<T>> ListAsync<T>(
        NamespaceScope scope, ListOptions? options = null, CancellationToken cancellationToken = default)
    {
        Lists++;
        try
        {
            var list = _lists.TryDequeue(out var script) ? script() : throw new HttpRequestException("nothing scripted");
            return Task.FromResult((KubeList<T>)(object)list);
        }
        catch (Exception error)
        {
            return Task.FromException<KubeList<T>>(error);
        }
    }

    public override async IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(
        NamespaceScope scope, WatchOptions options, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Watches.Add(options);
        Current = _watches.TryDequeue(out var script) ? script : Channel.CreateUnbounded<WatchEvent<V1Lease>>();
        await foreach (var one in Current.Reader.ReadAllAsync(cancellationToken))
        {
            yield return (WatchEvent<T>)(object)one;
        }
    }
}
