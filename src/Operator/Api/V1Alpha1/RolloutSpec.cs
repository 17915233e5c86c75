using IrisOperator.Kube.Schema;

namespace IrisOperator.Operator.Api.V1Alpha1;

/// <summary>A rolling update never goes below the wanted number of replicas.</summary>
public sealed record RolloutSpec
{
    [Description("Seconds without progress after which a rollout counts as stuck (Stalled).")]
    [Minimum(1)]
    [Maximum(86400)]
    [Default(600)]
    public int? ProgressDeadlineSeconds { get; init; }

    [Description("Whether an image that fails is rejected and the last one that served comes back by itself. True unless set.")]
    [Default(true)]
    public bool? AutoRollback { get; init; }

    [Description("Tries a new version of spec.image on a few pods before the others get it. Omitted: it is rolled out at once.")]
    public CanarySpec? Canary { get; init; }
}
