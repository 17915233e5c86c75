namespace IrisOperator.Kube.Schema;

/// <summary>
/// Status is written through its own endpoint: a user who may edit the object cannot forge it, and a status write keeps the generation.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class StatusSubresourceAttribute : Attribute;
