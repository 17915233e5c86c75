namespace IrisOperator.Kube.Runtime.Caching;

/// <summary>What the host needs to know about a reflector, whatever its type.</summary>
internal interface IReflector
{
    public string Resource { get; }

    /// <summary>True once a list came in and the watch after it brought its first sign of life.</summary>
    public bool IsSynced { get; }

    /// <summary>Why it is not synced, or what failed last.</summary>
    public string? LastError { get; }

    /// <summary>How long it has heard nothing: no list, event or bookmark.</summary>
    public TimeSpan Silence { get; }

    public Task WaitUntilSyncedAsync(CancellationToken cancellationToken);

    /// <summary>Ends with the token only.</summary>
    public Task RunAsync(CancellationToken cancellationToken);
}
