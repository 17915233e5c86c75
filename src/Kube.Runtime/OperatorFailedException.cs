namespace IrisOperator.Kube.Runtime;

/// <summary>The operator cannot work as it is installed. The message is for the administrator: it names what is missing.</summary>
public sealed class OperatorFailedException(string message) : Exception(message);
