using IrisOperator.Kube.Schema;

namespace IrisOperator.Operator.Api.V1Alpha1;

/// <summary>A serving image to put a model on.</summary>
public sealed record BaseImageSpec
{
    [Description("Registry and path without a tag, such as registry.example/iris-serving.")]
    [MinLength(1)]
    [MaxLength(255)]
    public required string Repository { get; init; }

    [Description("A range (1.x), an exact version (1.2.3) or a digest. The highest match is taken at each publication.")]
    [MinLength(1)]
    [MaxLength(256)]
    public required string Version { get; init; }
}
