namespace IrisOperator.Registry.Wire;

/// <summary>Where the next step of an upload goes. Each answer names it anew.</summary>
/// <param name="Target">Path and query on the registry.</param>
/// <param name="Received">How many bytes the registry says it has; null when it does not say.</param>
/// <param name="MinChunk">The least that a chunk but the last must have (OCI-Chunk-Min-Length).</param>
internal sealed record UploadSession(string Target, long? Received, int MinChunk);
