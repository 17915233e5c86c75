namespace IrisOperator.Kube.Models;

/// <summary>Seconds and counts; the server fills 1, 10, 1 and 3 for timeout, period, success and failure.</summary>
public sealed record V1Probe
{
    public V1HTTPGetAction? HttpGet { get; init; }

    public V1ExecAction? Exec { get; init; }

    public V1TCPSocketAction? TcpSocket { get; init; }

    public int? InitialDelaySeconds { get; init; }

    public int? TimeoutSeconds { get; init; }

    public int? PeriodSeconds { get; init; }

    public int? SuccessThreshold { get; init; }

    public int? FailureThreshold { get; init; }
}
