namespace IrisOperator.Kube.Runtime.Caching;

/// <summary>Why a watcher has to list or connect again.</summary>
/// <param name="Reason">A label for metrics: expired, invalid, idle, closed, list_failed, watch_failed.</param>
/// <param name="Message">Names verb and resource, so that a missing permission shows as what it is.</param>
/// <param name="Delay">Before the next attempt.</param>
public sealed record WatcherFailure(string Reason, string Message, TimeSpan Delay);
