using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using IrisOperator.Learning.Format;
using IrisOperator.Training.Data;
using IrisOperator.Training.Evaluation;

namespace IrisOperator.Training;

/// <summary>report.json: how good the model is and what it was made from. No time and no path: a second run gives the same bytes.</summary>
internal sealed record ReportDocument(
    int FormatVersion, string Outcome, string? Message, string Algorithm, IReadOnlyDictionary<string, string> Parameters,
    ReportData Dataset, int? Folds, double? Holdout, string? HoldoutColumn, bool? Refitted, int? Seed,
    IReadOnlyDictionary<string, double> Metrics,
    IReadOnlyList<double>? FoldAccuracies, IReadOnlyList<double>? FoldErrors, IReadOnlyList<ReportClass>? Classes,
    IReadOnlyList<IReadOnlyList<int>>? ConfusionMatrix, IReadOnlyList<FeatureImportance> Importance, ReportVersions Versions,
    IReadOnlyList<string>? Assumptions)
{
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, ReportJsonContext.Default.ReportDocument);
}

internal sealed record ReportData(string File, string Digest, string Target, int Rows, IReadOnlyList<string> Features);

internal sealed record ReportClass(string Name, double Precision, double Recall, double F1, double? RocAuc, int Rows);

internal sealed record ReportVersions(string Trainer, string? TrainerDigest, string Library);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true,
    NewLine = "\n")]
[JsonSerializable(typeof(ReportDocument))]
internal sealed partial class ReportJsonContext : JsonSerializerContext;

/// <summary>model.txt: the model for people. Nothing reads it back.</summary>
internal static class ModelText
{
    /// <summary>Fifty rounds of a few classes in full; a larger ensemble would only fill the disk.</summary>
    private const int ShownTrees = 300;

    private const int ShownVectors = 500;

    public static byte[] Write(
        ModelDocument document, Dataset dataset, Metrics metrics, IReadOnlyList<FeatureImportance> importance)
    {
        var text = new StringBuilder();
        Line(text, $"{document.Algorithm} model of column {dataset.Target} of {dataset.FileName} ({dataset.Digest})");
        Line(text, $"rows: {dataset.Rows.Count}");
        foreach (var assumption in dataset.Assumptions)
        {
            Line(text, $"assumed: {assumption}");
        }
        Line(text, $"parameters: {string.Join(", ", document.Parameters.Select(p => $"{p.Key}={p.Value}"))}");
        var values = metrics.Values.Select(metric => string.Create(CultureInfo.InvariantCulture, $"{metric.Key} {metric.Value:F4}"));
        Line(text, $"evaluated: {string.Join(", ", values)}");
        Line(text, $"");
        Line(text, $"features");
        for (var f = 0; f < document.Features.Length; f++)
        {
            Line(text, $"  {f}  {document.Features[f].Name}  from {document.Features[f].Min:R} to {document.Features[f].Max:R}");
        }
        Line(text, $"{(document.Classes.Length == 0 ? "a number is predicted" : "classes")}");
        for (var c = 0; c < document.Classes.Length; c++)
        {
            Line(text, $"  {c}  {document.Classes[c]}");
        }
        Line(text, $"importance: share of the gain, and loss when the values of the feature change places");
        foreach (var feature in importance)
        {
            var gain = feature.Gain?.ToString("F4", CultureInfo.InvariantCulture) ?? "-";
            Line(text, $"  {gain}  {feature.Permutation:F4}  {feature.Feature}");
        }
        Trees(text, document, document.Trees);
        Trees(text, document, document.DoubleTrees);
        if (document.Vectors is { } vectors)
        {
            Vectors(text, document, vectors);
        }
        if (document.Linear is { } linear)
        {
            Linear(text, document, linear);
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void Trees<T>(StringBuilder text, ModelDocument document, TreesDocument<T>? trees)
        where T : struct, IFormattable
    {
        if (trees is null)
        {
            return;
        }
        var columns = ColumnNames(document);
        for (var t = 0; t < Math.Min(trees.Trees.Length, ShownTrees); t++)
        {
            var tree = trees.Trees[t];
            Line(text, $"");
            Line(text, $"tree {t}, round {t / trees.Classes}{OfClass(document, trees.Classes, tree.Class)}");
            Node(text, columns, tree.Nodes, 0, "  ");
        }
        if (trees.Trees.Length > ShownTrees)
        {
            Line(text, $"and {trees.Trees.Length - ShownTrees} more trees, see model.json");
        }
    }

    /// <summary>A single margin of two classes speaks of the second; that of a regression of none.</summary>
    private static string OfClass(ModelDocument document, int margins, int margin) =>
        document.Classes.Length == 0 ? "" : $", class {document.Classes[margins == 1 ? 1 : margin]}";

    private static void Node<T>(StringBuilder text, string[] columns, NodeDocument<T>[] nodes, int n, string indent)
        where T : struct, IFormattable
    {
        if (nodes[n].Value is { } value)
        {
            Line(text, $"{indent}{value:R}");
            return;
        }
        var missing = nodes[n].MissingLeft ? " or missing" : "";
        Line(text, $"{indent}{columns[nodes[n].Feature!.Value]} < {nodes[n].Threshold:R}{missing}");
        Node(text, columns, nodes, nodes[n].Left!.Value, indent + "  ");
        Line(text, $"{indent}else");
        Node(text, columns, nodes, nodes[n].Right!.Value, indent + "  ");
    }

    /// <summary>As the predictor sees them: a feature that is text has a column for each of its values.</summary>
    private static string[] ColumnNames(ModelDocument document) =>
        [.. document.Features.SelectMany(f => f.Categories is { } values ? values.Select(value => $"{f.Name}={value}") : [f.Name])];

    private static void Linear(StringBuilder text, ModelDocument document, LinearDocument linear)
    {
        var columns = ColumnNames(document);
        for (var m = 0; m < linear.Weights.Length; m++)
        {
            Line(text, $"");
            Line(text, $"weights{OfClass(document, linear.Weights.Length, m)}{(linear.Means is null ? "" : ", standardised features")}");
            Line(text, $"  {linear.Intercepts[m]:R}");
            for (var c = 0; c < columns.Length; c++)
            {
                Line(text, $"  {linear.Weights[m][c]:R} {columns[c]}");
            }
        }
    }

    private static void Vectors(StringBuilder text, ModelDocument document, VectorsDocument vectors)
    {
        Line(text, $"");
        Line(text, $"{vectors.SupportVectors.Length} support vectors, kernel {vectors.Kernel}, standardised features");
        foreach (var vector in vectors.SupportVectors.Take(ShownVectors))
        {
            var numbers = string.Join(' ', vector.Data.Select(x => x.ToString("F4", CultureInfo.InvariantCulture)));
            Line(text, $"  {document.Classes[vector.Class]}  {numbers}");
        }
        if (vectors.SupportVectors.Length > ShownVectors)
        {
            Line(text, $"and {vectors.SupportVectors.Length - ShownVectors} more, see model.json");
        }
    }

    private static void Line(StringBuilder text, FormattableString line)
    {
        text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }
}
