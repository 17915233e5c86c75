namespace IrisOperator.Kube.Models;

/// <summary>Succeeds when a connection opens.</summary>
public sealed record V1TCPSocketAction
{
    public IntOrString? Port { get; init; }
}
