using System.Text.Json;
using IrisOperator.Learning.Prediction;

namespace IrisOperator.Learning.Format;

/// <summary>
/// From the bytes of model.json to a model that cannot misbehave: whatever passes here predicts in bounded time,
/// without an exception, on any finite input.
/// </summary>
internal static class ModelReader
{
    private const double ProbabilitySumTolerance = 1e-3;

    public static Model Read(ReadOnlySpan<byte> json)
    {
        ModelDocument? document;
        try
        {
            document = JsonSerializer.Deserialize(json, FormatJsonContext.Default.ModelDocument);
        }
        catch (JsonException e)
        {
            throw new ModelFormatException($"{ModelFile.Model}: {OneLine(e.Message)}", e);
        }
        return FromDocument(document ?? throw new ModelFormatException($"{ModelFile.Model}: is null"));
    }

    public static Model FromDocument(ModelDocument document)
    {
        if (document.FormatVersion != ModelDocument.CurrentVersion)
        {
            throw Check.Wrong("formatVersion", Check.Invariant($"expected {ModelDocument.CurrentVersion}, found {document.FormatVersion}"));
        }
        Name("algorithm", document.Algorithm);
        Features(document.Features);
        Classes(document.Classes);
        Check.Count("parameters", document.Parameters.Count, 0, Limits.Parameters);
        if (document.Parameters.Values.Any(v => v is null))
        {
            throw Check.Wrong("parameters", "a value is null");
        }
        var predictor = BuildPredictor(document);
        GoldenSamples(document.GoldenSamples, document.Features.Length, document.Classes.Length);
        return new Model(
            document.Algorithm,
            [.. document.Features.Select(f => new Feature(f.Name, f.Min, f.Max))],
            document.Classes,
            document.Parameters,
            predictor,
            [.. document.GoldenSamples.Select(g => new GoldenSample(g.Data, g.Prediction, g.Probabilities))]);
    }

    /// <summary>The parser's messages may carry line breaks; errors of this library fit on one line.</summary>
    public static string OneLine(string text) => text.ReplaceLineEndings(" ");

    private static Predictor BuildPredictor(ModelDocument document)
    {
        var features = document.Features.Length;
        var classes = document.Classes.Length;
        switch (document)
        {
            case { Trees: { } trees, Vectors: null }:
                TreesValidator.Validate(trees, features, classes);
                return TreeEnsemble.FromValid(trees);
            case { Trees: null, Vectors: { } vectors }:
                VectorsValidator.Validate(vectors, features, classes);
                return SupportVectorMachine.FromValid(vectors, classes);
            default:
                throw new ModelFormatException($"{ModelFile.Model}: expected exactly one of trees and vectors");
        }
    }

    private static void Features(FeatureDocument[] features)
    {
        Check.Count("features", features.Length, 1, Limits.Features);
        Check.NoNulls("features", features);
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < features.Length; i++)
        {
            var where = Check.Invariant($"features[{i}]");
            Name($"{where}.name", features[i].Name);
            Check.Finite($"{where}.min", features[i].Min);
            Check.Finite($"{where}.max", features[i].Max);
            if (features[i].Min > features[i].Max)
            {
                throw Check.Wrong(where, "min is above max");
            }
            if (!names.Add(features[i].Name))
            {
                throw Check.Wrong(where, "the name occurs twice");
            }
        }
    }

    private static void Classes(string[] classes)
    {
        Check.Count("classes", classes.Length, 2, Limits.Classes);
        Check.NoNulls("classes", classes);
        for (var i = 0; i < classes.Length; i++)
        {
            Name(Check.Invariant($"classes[{i}]"), classes[i]);
            if (i > 0 && string.CompareOrdinal(classes[i - 1], classes[i]) >= 0)
            {
                throw Check.Wrong("classes", "expected distinct names in ordinal order");
            }
        }
    }

    private static void GoldenSamples(GoldenSampleDocument[] samples, int features, int classes)
    {
        Check.Count("goldenSamples", samples.Length, 1, Limits.GoldenSamples);
        Check.NoNulls("goldenSamples", samples);
        for (var i = 0; i < samples.Length; i++)
        {
            var where = Check.Invariant($"goldenSamples[{i}]");
            var sample = samples[i];
            Check.Length($"{where}.data", sample.Data.Length, features);
            Check.AllFinite($"{where}.data", sample.Data);
            Check.Index($"{where}.prediction", sample.Prediction, classes);
            Check.Length($"{where}.probabilities", sample.Probabilities.Length, classes);
            Check.AllFinite($"{where}.probabilities", sample.Probabilities);
            if (sample.Probabilities.Any(p => p is < 0 or > 1) || Math.Abs(sample.Probabilities.Sum() - 1) > ProbabilitySumTolerance)
            {
                throw Check.Wrong($"{where}.probabilities", "expected numbers from 0 to 1 with sum 1");
            }
        }
    }

    private static void Name(string where, string name)
    {
        if (name.Length is 0 or > Limits.NameLength)
        {
            throw Check.Wrong(where, Check.Invariant($"expected 1 to {Limits.NameLength} characters, found {name.Length}"));
        }
    }
}
