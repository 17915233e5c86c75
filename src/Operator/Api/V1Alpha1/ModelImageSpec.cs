using IrisOperator.Kube.Schema;

namespace IrisOperator.Operator.Api.V1Alpha1;

/// <summary>Which versions of an image a model follows. What it means at the moment is pinned by digest.</summary>
public sealed record ModelImageSpec
{
    [Description("Registry and path without a tag, such as registry.example/iris.")]
    [MinLength(1)]
    [MaxLength(255)]
    public required string Repository { get; init; }

    [Description("A range (1.x, ^1.2, ~1.2.3, >=1.0 <2.0), an exact version (1.2.3) or a digest (sha256:<64 hex digits>). Never latest.")]
    [MaxLength(256)]
    public string? Version { get; init; }

    [Description("An exact version or a digest that is served whatever the range has, until this field is removed.")]
    [MinLength(1)]
    [MaxLength(128)]
    public string? Pin { get; init; }

    [Description("True keeps what is served; status.image.candidate shows what would have been taken.")]
    public bool? Hold { get; init; }

    [Description("Seconds between looks at the registry. All models of a repository share one look, at the shortest interval of theirs.")]
    [Minimum(10)]
    [Maximum(86400)]
    [Default(60)]
    public int? PollIntervalSeconds { get; init; }

    [Description("Secret of type kubernetes.io/dockerconfigjson with which nodes pull the image. The operator itself never reads it.")]
    [MinLength(1)]
    [MaxLength(253)]
    public string? PullSecretName { get; init; }
}
