namespace IrisOperator.Kube.Runtime.Caching;

/// <summary>What a watcher tells. Connected and Progress carry no object; they show that it is alive.</summary>
public enum WatcherEventType
{
    Listed,
    Connected,
    Applied,
    Deleted,
    Progress,
    Failed,
}
