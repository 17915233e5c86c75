using System.Text.Json.Nodes;
using System.Text.Json;

namespace IrisOperator.Kube.Runtime.Tests.Leadership;

/// <summary>One lease with the server's rule that a write of an old version conflicts. Can refuse and can hang.</summary>
internal class LeaseServer : ClientStub
{
    private int _version;

    public V1Lease? Lease { get; private set; }

    public List<string> Requests { get; } = [];

    /// <summary>Set: every request fails with it.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Set: requests reach the server but their answers do not come back.</summary>
    public bool Hangs { get; set; }

    public int Hanging { get; private set; }

    public int Cancelled { get; private set; }

    public void Put(string? holder, int seconds = 15) => Store(new V1LeaseSpec { HolderIdentity = holder, LeaseDurationSeconds = seconds });

    public void Remove() => Lease = null;

    public override async Task<T?> GetAsync<T>(ObjectKey key, CancellationToken cancellationToken = default)
        where T : class
    {
        await ArriveAsync("get", cancellationToken);
        return (T?)(object?)Lease;
    }

    public override async Task<T> CreateAsync<T>(T obj, CancellationToken cancellationToken = default)
    {
        await ArriveAsync("create", cancellationToken);
        if (Lease is not null)
        {
            throw Leases.Error(409, "AlreadyExists");
        }

        Store(((V1Lease)(object)obj).Spec!);
        return (T)(object)Lease!;
    }

    public override async Task<T> PatchAsync<T>(
        ObjectKey key, JsonObject patch, PatchOptions? options = null, CancellationToken cancellationToken = default)
    {
        await ArriveAsync("patch", cancellationToken);
        var version = patch["metadata"]!["resourceVersion"]!.GetValue<string>();
        if (Lease is null)
        {
            throw Leases.Error(404, "NotFound");
        }

        if (version != Lease.Metadata.ResourceVersion)
        {
            throw Leases.Error(409, "Conflict");
        }

        var spec = patch["spec"]!.AsObject();
        Store(spec.ContainsKey("leaseTransitions")
            ? spec.Deserialize(KubeJson.TypeInfo<V1LeaseSpec>())!
            : Lease.Spec! with { HolderIdentity = null });
        return (T)(object)Lease!;
    }

    private void Store(V1LeaseSpec spec) => Lease = new V1Lease
    {
        Metadata = new V1ObjectMeta { NamespaceProperty = "ns", Name = "lease", Uid = "uid", ResourceVersion = $"{++_version}" },
        Spec = spec,
    };

    private async Task ArriveAsync(string verb, CancellationToken cancellationToken)
    {
        Requests.Add(verb);
        if (Hangs)
        {
            Hanging++;
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }
            finally
            {
                Hanging--;
                Cancelled++;
            }
        }

        if (Failure is not null)
        {
            throw Failure;
        }
    }
}
