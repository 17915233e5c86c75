namespace IrisOperator.Kube;

/// <summary>There is no usable way to the cluster. The message says which file and what to do; it carries no secret.</summary>
public sealed class KubeConfigException(string message) : Exception(message);
