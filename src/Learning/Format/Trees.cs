using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace IrisOperator.Learning.Format;

/// <summary>Summed trees: <paramref name="Rounds"/> times one tree per margin, in the order of training.</summary>
/// <typeparam name="T">Of thresholds, values of leaves and sums: float or double.</typeparam>
/// <param name="Classes">How many margins: one per class, or 1 for a regression or for two classes by one logistic margin.</param>
/// <param name="TakesMissing">True if a value may be missing; else null, and every value is a finite number.</param>
internal sealed record TreesDocument<T>(
    float BaseScore, int Rounds, int Classes, TreeDocument<T>[] Trees, bool? TakesMissing = null, LinkDocument? Link = null)
    where T : struct;

/// <summary>One tree that adds to the margin of one class; node 0 is the root.</summary>
/// <param name="Covers">
/// Per leaf, in the order of the nodes, how many training rows reached it, or the sum of their weights. In all trees, or in none: then the
/// model tells no contributions.
/// </param>
internal sealed record TreeDocument<T>(int Class, NodeDocument<T>[] Nodes, float[]? Covers = null)
    where T : struct;

/// <summary>
/// Either a split (all of feature, threshold, left, right: left when the value is less than the threshold, or when it is missing and
/// MissingLeft says so) or a leaf (value alone). The feature is a column.
/// A struct, so that a file full of tiny nodes cannot cost many times its length in memory.
/// </summary>
internal readonly record struct NodeDocument<T>(
    int? Feature = null,
    T? Threshold = null,
    int? Left = null,
    int? Right = null,
    T? Value = null,
    bool MissingLeft = false)
    where T : struct
{
    public bool IsLeaf => this is { Value: not null, Feature: null, Threshold: null, Left: null, Right: null, MissingLeft: false };

    public bool IsSplit => this is { Value: null, Feature: not null, Threshold: not null, Left: not null, Right: not null };
}

/// <summary>
/// The rules that make a walk through hostile trees safe: indices in range, children after their parent and with one
/// parent each (so no cycle and no shared branch), bounded depth, finite numbers.
/// </summary>
internal static class TreesValidator<T>
    where T : struct, IFloatingPointIeee754<T>
{
    private static readonly T _weightLimit = T.CreateTruncating(Limits.TreeWeight);

    public static void Validate(string where, TreesDocument<T> document, Shape shape)
    {
        Check.That(
            Math.Abs(document.BaseScore) <= Limits.TreeWeight, $"{where}.baseScore", WeightProblem(T.PositiveInfinity)!);
        LinkValidator.Validate(where, "classes", document.Link, document.Classes, shape);
        Check.Count($"{where}.trees", document.Trees.Length, 1, Limits.Trees);
        Check.That(
            document.Trees.Length == (long)document.Rounds * document.Classes,
            $"{where}.rounds", $"{document.Rounds} rounds of {document.Classes} classes need as many trees, found {document.Trees.Length}");
        Check.NoNulls($"{where}.trees", document.Trees);
        Check.That(document.TakesMissing is not false, $"{where}.takesMissing", "expected true, or nothing");
        for (var t = 0; t < document.Trees.Length; t++)
        {
            var tree = document.Trees[t];
            var place = $"{where}.trees[{t}]";
            Check.Index($"{place}.class", tree.Class, document.Classes);
            Check.That(tree.Nodes.Length > 0, $"{place}.nodes", "a tree needs at least one node");
            Nodes(place, tree.Nodes, shape.Columns, document.TakesMissing is true);
            Check.That(
                (tree.Covers is null) == (document.Trees[0].Covers is null), $"{place}.covers", "expected in all trees, or in none");
            if (tree.Covers is { } covers)
            {
                // Each split has two children, and each node but the root one parent.
                Covers($"{place}.covers", covers, (tree.Nodes.Length + 1) / 2);
            }
        }
    }

    private static void Covers(string where, float[] covers, int leaves)
    {
        Check.Length(where, covers.Length, leaves);
        var wrong = Array.FindIndex(covers, cover => !(cover >= 0 && cover <= Limits.TreeWeight));
        Check.That(wrong < 0, $"{where}[{wrong}]", FormattableString.Invariant($"expected a number from 0 to {Limits.TreeWeight}"));
    }

    private static void Nodes(string where, NodeDocument<T>[] nodes, int columns, bool takesMissing)
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
                : node.Feature < 0 || node.Feature >= columns ? (".feature", $"expected 0 to {columns - 1}, found {node.Feature}")
                : !T.IsFinite(node.Threshold!.Value) ? (".threshold", "not a finite number")
                : node.MissingLeft && !takesMissing ? (".missingLeft", "these trees take no missing values")
                : ChildProblem(n, node.Left!.Value, depths) is { } left ? (".left", left)
                : (".right", ChildProblem(n, node.Right!.Value, depths));
            if (problem is not null)
            {
                throw Check.Wrong($"{where}.nodes[{n}]{member}", problem);
            }
        }
    }

    private static string? WeightProblem(T value) => T.Abs(value) <= _weightLimit ? null
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
internal abstract class NodeConverter<T> : JsonConverter<NodeDocument<T>>
    where T : struct
{
    public override NodeDocument<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("a node is an object");
        }
        var node = default(NodeDocument<T>);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            node = ReadMember(ref reader, node);
        }
        return node.IsSplit || node.IsLeaf
            ? node
            : throw new JsonException("expected either a value or all of feature, threshold, left and right");
    }

    public override void Write(Utf8JsonWriter writer, NodeDocument<T> value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        if (value.Value is { } weight)
        {
            WriteNumber(writer, "value"u8, weight);
        }
        else
        {
            writer.WriteNumber("feature"u8, value.Feature!.Value);
            WriteNumber(writer, "threshold"u8, value.Threshold!.Value);
            writer.WriteNumber("left"u8, value.Left!.Value);
            writer.WriteNumber("right"u8, value.Right!.Value);
            if (value.MissingLeft)
            {
                writer.WriteBoolean("missingLeft"u8, true);
            }
        }
        writer.WriteEndObject();
    }

    protected abstract bool TryRead(ref Utf8JsonReader reader, out T number);

    protected abstract void WriteNumber(Utf8JsonWriter writer, ReadOnlySpan<byte> name, T number);

    private NodeDocument<T> ReadMember(ref Utf8JsonReader reader, NodeDocument<T> node) =>
        reader.ValueTextEquals("value"u8) && node.Value is null ? node with { Value = Number(ref reader) }
        : reader.ValueTextEquals("feature"u8) && node.Feature is null ? node with { Feature = Integer(ref reader) }
        : reader.ValueTextEquals("threshold"u8) && node.Threshold is null ? node with { Threshold = Number(ref reader) }
        : reader.ValueTextEquals("left"u8) && node.Left is null ? node with { Left = Integer(ref reader) }
        : reader.ValueTextEquals("right"u8) && node.Right is null ? node with { Right = Integer(ref reader) }
        : reader.ValueTextEquals("missingLeft"u8) && !node.MissingLeft ? node with { MissingLeft = True(ref reader) }
        : throw new JsonException("a member of a node is unknown or given twice");

    private T Number(ref Utf8JsonReader reader) =>
        reader.Read() && reader.TokenType == JsonTokenType.Number && TryRead(ref reader, out var value)
            ? value
            : throw new JsonException("expected a number");

    private static bool True(ref Utf8JsonReader reader) =>
        reader.Read() && reader.TokenType == JsonTokenType.True ? true : throw new JsonException("expected true, or nothing");

    private static int Integer(ref Utf8JsonReader reader) =>
        reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var value)
            ? value
            : throw new JsonException("expected a whole number");
}

internal sealed class SingleNodeConverter : NodeConverter<float>
{
    protected override bool TryRead(ref Utf8JsonReader reader, out float number) => reader.TryGetSingle(out number);

    protected override void WriteNumber(Utf8JsonWriter writer, ReadOnlySpan<byte> name, float number) => writer.WriteNumber(name, number);
}

internal sealed class DoubleNodeConverter : NodeConverter<double>
{
    protected override bool TryRead(ref Utf8JsonReader reader, out double number) => reader.TryGetDouble(out number);

    protected override void WriteNumber(Utf8JsonWriter writer, ReadOnlySpan<byte> name, double number) => writer.WriteNumber(name, number);
}
