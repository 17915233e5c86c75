namespace IrisOperator.Kube;

/// <summary>
/// Two are ours: Opened comes first, when the server has accepted the watch; Invalid is a line or an object that could not be decoded.
/// </summary>
public enum WatchEventType
{
    Opened,
    Added,
    Modified,
    Deleted,
    Bookmark,
    Error,
    Invalid,
}
