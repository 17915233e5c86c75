namespace IrisOperator.Registry;

/// <summary>What a manifest says of a piece of content. Addresses in <c>urls</c> are not read, and so never followed.</summary>
/// <param name="MediaType">As named by the manifest.</param>
/// <param name="Digest">Of the bytes as stored.</param>
/// <param name="Size">In bytes, as stored.</param>
public sealed record Descriptor(string MediaType, Digest Digest, long Size);
