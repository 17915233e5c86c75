namespace IrisOperator.Registry.Pruning;

/// <summary>A tag and what it meant when it was looked up.</summary>
public sealed record TaggedManifest(Tag Tag, Descriptor Manifest)
{
    public Digest Digest => Manifest.Digest;
}
