namespace IrisOperator.EndToEnd.Tests.Load;

/// <summary>What one request came to. A null failure is the right answer.</summary>
public sealed record LoadAnswer(DateTimeOffset Finished, LoadStyle Style, string? Digest, string? Failure)
{
    public override string ToString() => $"{Finished:HH:mm:ss.fff} {Style} {Failure ?? Digest}";
}
