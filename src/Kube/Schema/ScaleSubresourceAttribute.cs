namespace IrisOperator.Kube.Schema;

/// <summary><c>kubectl scale</c> and autoscalers read and write the replicas through these JSON paths.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ScaleSubresourceAttribute(string specReplicasPath, string statusReplicasPath) : Attribute
{
    public string SpecReplicasPath { get; } = specReplicasPath;

    public string StatusReplicasPath { get; } = statusReplicasPath;

    /// <summary>A string in the status that holds the label selector of the pods. An autoscaler needs it.</summary>
    public string? LabelSelectorPath { get; init; }
}
