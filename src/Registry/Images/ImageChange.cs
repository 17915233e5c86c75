namespace IrisOperator.Registry.Images;

/// <summary>What is put on top of a base image.</summary>
public sealed record ImageChange
{
    public required TarLayer Layer { get; init; }

    /// <summary>Of the manifest and, where the base is one, of the index. They replace the base's of the same name.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    /// <summary>Added to the config's; they replace the base's of the same name.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Added to the config's; they replace the base's of the same name.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>What the image says of its age. Fixed, or the same input would make another digest every time.</summary>
    public DateTimeOffset Created { get; init; } = DateTimeOffset.UnixEpoch;
}
