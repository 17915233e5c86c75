namespace IrisOperator.Kube.Models;

/// <summary>
/// Continue is an opaque token; it expires after the server's compaction interval (5 minutes by default) and then answers 410.
/// </summary>
public sealed record V1ListMeta
{
    public string? ResourceVersion { get; init; }

    public string? Continue { get; init; }

    public long? RemainingItemCount { get; init; }
}
