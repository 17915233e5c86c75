namespace IrisOperator.Kube.Schema;

/// <summary>
/// A Kubernetes quantity, <c>500m</c> or <c>2</c>: users write it with and without quotes. On a map it holds for each value.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class QuantityAttribute : Attribute;
