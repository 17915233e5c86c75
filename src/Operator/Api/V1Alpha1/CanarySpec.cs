using IrisOperator.Kube.Schema;

namespace IrisOperator.Operator.Api.V1Alpha1;

/// <summary>A few pods that try a new version before the others get it. Exactly one of Replicas and Weight is set.</summary>
public sealed record CanarySpec
{
    [Description("Pods that try a new version, beside those of spec.replicas.")]
    [Minimum(1)]
    [Maximum(1000)]
    public int? Replicas { get; init; }

    [Description("The same in percent of spec.replicas, rounded up to whole pods.")]
    [Minimum(1)]
    [Maximum(99)]
    public int? Weight { get; init; }

    [Description("Seconds that the version is tried, from the moment when all its pods are ready.")]
    [Minimum(1)]
    [Maximum(86400)]
    [Default(60)]
    public int? DurationSeconds { get; init; }

    [Description(
        "The share of requests, from 0 to 1, that may be answered with a status of 500 or above. More rejects the version at once.")]
    [Pattern("^(0(\\.[0-9]{1,9})?|1(\\.0{1,9})?)$")]
    [Default("0.01")]
    public string? MaxErrorRate { get; init; }

    [Description("Requests below which nothing is concluded from their errors: the golden requests alone decide.")]
    [Minimum(0)]
    [Default(20)]
    public int? MinRequests { get; init; }
}
