namespace IrisOperator.Registry.Versions;

/// <summary>A version with the digest that its tag meant when it was looked up.</summary>
public sealed record ResolvedVersion(VersionedTag Version, Digest Digest);
