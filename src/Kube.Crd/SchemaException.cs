namespace IrisOperator.Kube.Crd;

/// <summary>A C# type cannot be expressed as a structural schema. The message begins with the path to the member.</summary>
public sealed class SchemaException(string message) : Exception(message);
