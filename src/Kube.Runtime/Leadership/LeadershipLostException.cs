namespace IrisOperator.Kube.Runtime.Leadership;

/// <summary>The lease is no longer ours. The process has to end: nothing that it still holds can be trusted to be idle.</summary>
public sealed class LeadershipLostException(string reason) : Exception($"leadership lost: {reason}");
