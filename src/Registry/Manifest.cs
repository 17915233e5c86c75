namespace IrisOperator.Registry;

/// <summary>A manifest or an index as the registry stores it. The bytes are those that <see cref="Digest"/> was checked against.</summary>
public sealed class Manifest
{
    /// <param name="mediaType">One of <see cref="MediaTypes"/>.</param>
    /// <param name="bytes">JSON; never changed afterwards.</param>
    public Manifest(string mediaType, ReadOnlyMemory<byte> bytes)
    {
        MediaType = mediaType;
        Bytes = bytes;
        Digest = Digest.Of(bytes.Span);
    }

    public string MediaType { get; }

    public ReadOnlyMemory<byte> Bytes { get; }

    public Digest Digest { get; }

    public bool IsIndex => MediaTypes.IsIndex(MediaType);

    public Descriptor Descriptor => new(MediaType, Digest, Bytes.Length);

    public override string ToString() => $"{MediaType} {Digest}";
}
