namespace IrisOperator.Images.Tests;

/// <summary>One entry of a root file system; content is a sum, a link's target, or empty for a folder.</summary>
public sealed record ImageFile(string Path, string Kind, string Mode, string Owner, string Content)
{
    /// <summary>As one line, so that two images are compared as text.</summary>
    public override string ToString() => $"{Path} {Kind} {Mode} {Owner} {Content}";
}
