using IrisOperator.Kube.Schema;

namespace IrisOperator.Operator.Api.V1Alpha1;

/// <summary>A CSV on a volume or in a config map of the same namespace.</summary>
public sealed record DatasetSource
{
    [Description("A PersistentVolumeClaim of the same namespace; it is mounted read-only.")]
    [MinLength(1)]
    [MaxLength(253)]
    public string? ClaimName { get; init; }

    [Description("A ConfigMap of the same namespace, for small tables.")]
    [MinLength(1)]
    [MaxLength(253)]
    public string? ConfigMapName { get; init; }

    [Description("The file or folder inside the volume, relative, such as iris.csv. Omitted: the only CSV at the top.")]
    [MinLength(1)]
    [MaxLength(512)]
    public string? Path { get; init; }

    [Description("The column to predict. Omitted: the last one.")]
    [MinLength(1)]
    [MaxLength(256)]
    public string? Target { get; init; }
}
