namespace IrisOperator.Generator;

/// <param name="Path">Relative to the root of the work tree, with slashes.</param>
public sealed record GeneratedFile(string Path, string Text);
