namespace IrisOperator.Kube;

/// <summary>Invalid is ours: a line or an object that could not be decoded.</summary>
public enum WatchEventType
{
    Added,
    Modified,
    Deleted,
    Bookmark,
    Error,
    Invalid,
}
