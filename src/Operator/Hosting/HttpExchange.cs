namespace IrisOperator.Operator.Hosting;

/// <summary>One request to the operator's own port.</summary>
/// <param name="Method">GET or POST.</param>
/// <param name="Path">Without a query.</param>
/// <param name="Authorization">The header's value; null without one.</param>
/// <param name="Body">Empty for GET.</param>
public sealed record HttpExchange(string Method, string Path, string? Authorization, ReadOnlyMemory<byte> Body);
