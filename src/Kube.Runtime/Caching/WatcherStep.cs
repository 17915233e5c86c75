namespace IrisOperator.Kube.Runtime.Caching;

internal readonly record struct WatcherStep<T>(WatcherEvent<T>? Event, WatcherState<T> Next)
    where T : class, IKubeResource<T>;
