namespace IrisOperator.Generator;

/// <summary>The path is relative to the root of the work tree, with slashes.</summary>
public sealed record GeneratedFile(string Path, string Text);
