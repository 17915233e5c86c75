namespace IrisOperator.Registry.Wire;

/// <summary>Passes through the HTTP client, which wraps it.</summary>
internal sealed class RefusedAddressException(string message) : Exception(message);
