namespace IrisOperator.Learning.Data;

/// <summary>
/// A table that can be learned from: finite numbers (also as float32), two or more classes with two or more rows each,
/// distinct column names.
/// </summary>
/// <param name="FileName">As it appears in messages and in the report.</param>
/// <param name="Digest">"sha256:" and the sum of the raw bytes of the file.</param>
/// <param name="Target">The name of the label column.</param>
/// <param name="FeatureNames">All other columns, in the order of the file.</param>
/// <param name="Classes">In ordinal order; a label is an index into this.</param>
/// <param name="Rows">In the order of the file.</param>
public sealed record Dataset(
    string FileName,
    string Digest,
    string Target,
    IReadOnlyList<string> FeatureNames,
    IReadOnlyList<string> Classes,
    LabelledRows Rows);
