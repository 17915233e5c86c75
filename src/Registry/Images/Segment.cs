namespace IrisOperator.Registry.Images;

/// <summary>A part of a stream, opened when it is its turn.</summary>
/// <param name="Length">In bytes; the content must have exactly so many.</param>
/// <param name="Open">From the beginning.</param>
/// <param name="Name">For messages.</param>
internal sealed record Segment(long Length, Func<Stream> Open, string Name)
{
    public static Segment Of(byte[] bytes) => new(bytes.Length, () => new MemoryStream(bytes, writable: false), "");
}
