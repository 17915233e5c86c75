namespace IrisOperator.Kube.Models;

/// <summary>
/// Ports merge by port and protocol under server-side apply, so send the protocol too (before 1.20 its absence was an error).
/// </summary>
public sealed record V1ServicePort
{
    public string? Name { get; init; }

    public string? Protocol { get; init; }

    public string? AppProtocol { get; init; }

    public int? Port { get; init; }

    public IntOrString? TargetPort { get; init; }

    public int? NodePort { get; init; }
}
