using IrisOperator.Kube.Schema;

namespace IrisOperator.Operator.Api.V1Alpha1;

/// <summary>Where an accepted model goes as an image: the serving image with one layer more, under the next version.</summary>
public sealed record PublishSpec
{
    [Description("Registry and path without a tag, such as registry.example/iris.")]
    [MinLength(1)]
    [MaxLength(255)]
    public required string Repository { get; init; }

    [Description("Major and minor version: 1.0 gives 1.0.0, 1.0.1 and so on. Other features or classes need another major version.")]
    [MinLength(1)]
    [MaxLength(32)]
    public required string Version { get; init; }

    [Description("The serving image under the model. Omitted: the server that the operator was installed with.")]
    public BaseImageSpec? Base { get; init; }

    [Description("True publishes the newest accepted model again, without training, whenever the base means another image.")]
    public bool? Rebase { get; init; }

    [Description(
        "How many versions of the repository stay in any case, the highest. "
        + "Older ones that no IrisModel uses or remembers are removed after each publication. Omitted: nothing is removed.")]
    [Minimum(1)]
    [Maximum(1000)]
    public int? Retain { get; init; }

    [Description("True removes nothing; status.retention.removable shows what would be removed.")]
    public bool? RetainDryRun { get; init; }

    [Description("Secret of type kubernetes.io/dockerconfigjson; mounted into the container that publishes and nowhere else.")]
    [MinLength(1)]
    [MaxLength(253)]
    public string? SecretName { get; init; }

    [Description("ConfigMap whose key ca.crt has the registry's certificate authority.")]
    [MinLength(1)]
    [MaxLength(253)]
    public string? CaConfigMapName { get; init; }
}
