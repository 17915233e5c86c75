namespace IrisOperator.Kube.Models;

/// <summary>Scheme defaults to HTTP.</summary>
public sealed record V1HTTPGetAction
{
    public string? Path { get; init; }

    public IntOrString? Port { get; init; }

    public string? Scheme { get; init; }
}
