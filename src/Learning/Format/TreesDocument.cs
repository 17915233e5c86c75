using System.Text.Json.Serialization;

namespace IrisOperator.Learning.Format;

/// <summary>Boosted trees: <paramref name="Rounds"/> times one tree per class, in the order of training.</summary>
internal sealed record TreesDocument(float BaseScore, int Rounds, int Classes, TreeDocument[] Trees);

/// <summary>One tree that adds to the margin of one class; node 0 is the root.</summary>
internal sealed record TreeDocument(int Class, NodeDocument[] Nodes);

/// <summary>
/// Either a split (all of feature, threshold, left, right: left when the value is less than the threshold) or a leaf
/// (value alone). A struct, so that a file full of tiny nodes cannot cost many times its length in memory.
/// </summary>
[JsonConverter(typeof(NodeConverter))]
internal readonly record struct NodeDocument(
    int? Feature = null,
    float? Threshold = null,
    int? Left = null,
    int? Right = null,
    float? Value = null)
{
    public bool IsLeaf => this is { Value: not null, Feature: null, Threshold: null, Left: null, Right: null };

    public bool IsSplit => this is { Value: null, Feature: not null, Threshold: not null, Left: not null, Right: not null };
}
