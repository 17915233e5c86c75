using System.Text.Json;
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

/// <summary>
/// The rules that make a walk through hostile trees safe: indices in range, children after their parent and with one
/// parent each (so no cycle and no shared branch), bounded depth, finite numbers.
/// </summary>
internal static class TreesValidator
{
    public static void Validate(TreesDocument document, int features, int classes)
    {
        Check.That(WeightProblem(document.BaseScore) is null, "trees.baseScore", WeightProblem(document.BaseScore) ?? "");
        Check.That(document.Classes == classes, "trees.classes", $"expected {classes}, found {document.Classes}");
        Check.Count("trees.trees", document.Trees.Length, 1, Limits.Trees);
        Check.That(
            document.Trees.Length == (long)document.Rounds * classes,
            "trees.rounds", $"{document.Rounds} rounds of {classes} classes need as many trees, found {document.Trees.Length}");
        Check.NoNulls("trees.trees", document.Trees);
        for (var t = 0; t < document.Trees.Length; t++)
        {
            var tree = document.Trees[t];
            var where = $"trees.trees[{t}]";
            Check.Index($"{where}.class", tree.Class, classes);
            Check.That(tree.Nodes.Length > 0, $"{where}.nodes", "a tree needs at least one node");
            Nodes(where, tree.Nodes, features);
        }
    }

    private static void Nodes(string where, NodeDocument[] nodes, int features)
    {
        // Depth of each node once a parent has named it; the root has no parent. Children come later, so one pass is enough.
        var depths = new byte[nodes.Length];
        depths[0] = 1;
        for (var n = 0; n < nodes.Length; n++)
        {
            var node = nodes[n];
            var (member, problem) = depths[n] == 0 ? ("", "no node leads here")
                : node.IsLeaf ? ("", WeightProblem(node.Value!.Value))
                : !node.IsSplit ? ("", "neither a split nor a leaf")
                : node.Feature < 0 || node.Feature >= features ? (".feature", $"expected 0 to {features - 1}, found {node.Feature}")
                : !float.IsFinite(node.Threshold!.Value) ? (".threshold", "not a finite number")
                : ChildProblem(n, node.Left!.Value, depths) is { } left ? (".left", left)
                : (".right", ChildProblem(n, node.Right!.Value, depths));
            if (problem is not null)
            {
                throw Check.Wrong($"{where}.nodes[{n}]{member}", problem);
            }
        }
    }

    private static string? WeightProblem(float value) => Math.Abs(value) <= Limits.TreeWeight ? null
        : FormattableString.Invariant($"expected a number from -{Limits.TreeWeight} to {Limits.TreeWeight}");

    /// <summary>Records the depth of a child that has no problem.</summary>
    private static string? ChildProblem(int parent, int child, byte[] depths)
    {
        var problem = child <= parent || child >= depths.Length ? $"expected {parent + 1} to {depths.Length - 1}, found {child}"
            : depths[child] != 0 ? $"node {child} already has a parent"
            : depths[parent] >= Limits.TreeDepth ? $"deeper than {Limits.TreeDepth} levels" : null;
        if (problem is null)
        {
            depths[child] = (byte)(depths[parent] + 1);
        }
        return problem;
    }
}

/// <summary>
/// Nodes are nearly all of a model file, so they get a reader of their own: a tenth of the time of the general one, and
/// the first node that is neither a split nor a leaf ends the reading of a hostile file.
/// </summary>
internal sealed class NodeConverter : JsonConverter<NodeDocument>
{
    public override NodeDocument Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("a node is an object");
        }
        var node = default(NodeDocument);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            node = ReadMember(ref reader, node);
        }
        return node.IsSplit || node.IsLeaf
            ? node
            : throw new JsonException("expected either a value or all of feature, threshold, left and right");
    }

    public override void Write(Utf8JsonWriter writer, NodeDocument value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        if (value.Value is { } weight)
        {
            writer.WriteNumber("value"u8, weight);
        }
        else
        {
            writer.WriteNumber("feature"u8, value.Feature!.Value);
            writer.WriteNumber("threshold"u8, value.Threshold!.Value);
            writer.WriteNumber("left"u8, value.Left!.Value);
            writer.WriteNumber("right"u8, value.Right!.Value);
        }
        writer.WriteEndObject();
    }

    private static NodeDocument ReadMember(ref Utf8JsonReader reader, NodeDocument node) =>
        reader.ValueTextEquals("value"u8) && node.Value is null ? node with { Value = Single(ref reader) }
        : reader.ValueTextEquals("feature"u8) && node.Feature is null ? node with { Feature = Integer(ref reader) }
        : reader.ValueTextEquals("threshold"u8) && node.Threshold is null ? node with { Threshold = Single(ref reader) }
        : reader.ValueTextEquals("left"u8) && node.Left is null ? node with { Left = Integer(ref reader) }
        : reader.ValueTextEquals("right"u8) && node.Right is null ? node with { Right = Integer(ref reader) }
        : throw new JsonException("a member of a node is unknown or given twice");

    private static float Single(ref Utf8JsonReader reader) =>
        reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetSingle(out var value)
            ? value
            : throw new JsonException("expected a number");

    private static int Integer(ref Utf8JsonReader reader) =>
        reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var value)
            ? value
            : throw new JsonException("expected a whole number");
}
