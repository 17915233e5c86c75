namespace IrisOperator.Learning;

/// <summary>
/// A model folder in memory, checked. The files have plain names and the manifest says so, whatever the folder held before: the same
/// model and report give the same bytes.
/// </summary>
public sealed record ModelContent(Model Model, string ModelDigest, ModelReport Report, IReadOnlyList<ModelContentFile> Files);
