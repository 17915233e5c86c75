using IrisOperator.Kube.Schema;

namespace IrisOperator.Operator.Api.V1Alpha1;

/// <summary>
/// Either an existing claim, or the properties of one to be made. A claim that was made is never deleted with the training.
/// </summary>
public sealed record OutputSpec
{
    [Description("An existing PersistentVolumeClaim of the same namespace. Excludes the other fields.")]
    [MinLength(1)]
    [MaxLength(253)]
    public string? ClaimName { get; init; }

    [Description("Size of the claim to be made, such as 1Gi.")]
    [MinLength(1)]
    [MaxLength(32)]
    [Pattern("^[0-9]+(\\.[0-9]+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$")]
    public string? Size { get; init; }

    [Description("Storage class of the claim to be made. Omitted: the cluster's default.")]
    [MinLength(1)]
    [MaxLength(253)]
    public string? StorageClassName { get; init; }

    [Description("ReadWriteOnce (the default) keeps all pods that use the claim on one node; ReadWriteMany spreads them.")]
    [Enumeration("ReadWriteOnce", "ReadWriteMany", "ReadWriteOncePod")]
    public string? AccessMode { get; init; }
}
