namespace IrisOperator.Kube.Runtime.Events;

/// <summary>What makes two events the same.</summary>
internal readonly record struct EventKey(string? Uid, ObjectKey Regarding, EventNote Note);
