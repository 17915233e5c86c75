using IrisOperator.Kube.Schema;

namespace IrisOperator.Operator.Api.V1Alpha1;

/// <summary>An image that can be gone back to: latest, ranges and untagged references are refused.</summary>
public sealed record ImageSpec
{
    [Description("Registry and path without a tag, such as registry.example/iris-serving.")]
    [MinLength(1)]
    [MaxLength(255)]
    public required string Repository { get; init; }

    [Description("An exact semantic version such as 1.2.3, or a digest sha256:<64 hex digits>. Never latest.")]
    [MaxLength(128)]
    public string? Version { get; init; }
}
