using IrisOperator.Kube.Schema;

namespace IrisOperator.Operator.Api.V1Alpha1;

/// <summary>
/// An image that failed and is not taken again, until a newer version comes or the annotation iris-operator.dev/release changes.
/// </summary>
public sealed record RejectedVersion
{
    [Description("Its tag.")]
    public string? Version { get; init; }

    [Description("Its digest.")]
    public required string Digest { get; init; }

    [Description("In one word, what went wrong.")]
    public required string Reason { get; init; }

    [Description("What went wrong, in the words of the server or of kubelet.")]
    public string? Message { get; init; }

    [Description("When it was rejected.")]
    public DateTimeOffset? Time { get; init; }
}
