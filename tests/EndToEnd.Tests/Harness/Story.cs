namespace IrisOperator.EndToEnd.Tests.Harness;

/// <summary>A test on the cluster, in a namespace of its own.</summary>
public abstract class Story(Cluster cluster, string name) : IAsyncLifetime
{
    private TestNamespace? _space;

    protected Cluster Cluster { get; } = cluster;

    protected TestNamespace Space => _space ?? throw new InvalidOperationException("used before InitializeAsync");

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public virtual async ValueTask InitializeAsync()
    {
        Cluster.Require();
        _space = await TestNamespace.CreateAsync(Cluster, name);
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_space is not null)
        {
            await _space.DisposeAsync();
        }
    }
}
