using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using IrisOperator.Learning.Prediction;

namespace IrisOperator.Learning.Format;

/// <summary>
/// From the bytes of model.json to a model that cannot misbehave: whatever passes here predicts in bounded time,
/// without an exception, on any finite input.
/// </summary>
internal static class ModelReader
{
    private const double ProbabilitySumTolerance = 1e-3;

    public static Model Read(ReadOnlySpan<byte> json) =>
        FromDocument(Parse(json, FormatJsonContext.Default.ModelDocument, ModelFile.Model));

    public static T Parse<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type, string file)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(json, type) ?? throw new ModelFormatException($"{file}: is null");
        }
        catch (JsonException e)
        {
            throw new ModelFormatException($"{file}: {OneLine(e.Message)}", e);
        }
    }

    public static Model FromDocument(ModelDocument document)
    {
        Check.That(
            document.FormatVersion == ModelDocument.CurrentVersion,
            "formatVersion", $"expected {ModelDocument.CurrentVersion}, found {document.FormatVersion}");
        Name("algorithm", document.Algorithm);
        Features(document.Features);
        Classes(document.Classes);
        Check.Count("parameters", document.Parameters.Count, 0, Limits.Parameters);
        Check.That(!document.Parameters.ContainsValue(null!), "parameters", "a value is null");
        var predictor = BuildPredictor(document);
        GoldenSamples(document.GoldenSamples, document.Features.Length, document.Classes.Length);
        return new Model(document, predictor);
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
                return new TreeEnsemble(trees);
            case { Trees: null, Vectors: { } vectors }:
                VectorsValidator.Validate(vectors, features, classes);
                return new SupportVectorMachine(vectors, classes);
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
            var where = $"features[{i}]";
            Name($"{where}.name", features[i].Name);
            Check.Finite($"{where}.min", features[i].Min);
            Check.Finite($"{where}.max", features[i].Max);
            Check.That(features[i].Min <= features[i].Max, where, "min is above max");
            Check.That(names.Add(features[i].Name), where, "the name occurs twice");
        }
    }

    private static void Classes(string[] classes)
    {
        Check.Count("classes", classes.Length, 2, Limits.Classes);
        Check.NoNulls("classes", classes);
        for (var i = 0; i < classes.Length; i++)
        {
            Name($"classes[{i}]", classes[i]);
            Check.That(
                i == 0 || string.CompareOrdinal(classes[i - 1], classes[i]) < 0, "classes", "expected distinct names in ordinal order");
        }
    }

    private static void GoldenSamples(GoldenSampleDocument[] samples, int features, int classes)
    {
        Check.Count("goldenSamples", samples.Length, 1, Limits.GoldenSamples);
        Check.NoNulls("goldenSamples", samples);
        for (var i = 0; i < samples.Length; i++)
        {
            var where = $"goldenSamples[{i}]";
            var sample = samples[i];
            Check.Length($"{where}.data", sample.Data.Length, features);
            Check.Finite($"{where}.data", sample.Data);
            Check.Index($"{where}.prediction", sample.Prediction, classes);
            Check.Length($"{where}.probabilities", sample.Probabilities.Length, classes);
            Check.Finite($"{where}.probabilities", sample.Probabilities);
            Check.That(
                sample.Probabilities.All(p => p is >= 0 and <= 1) && Math.Abs(sample.Probabilities.Sum() - 1) <= ProbabilitySumTolerance,
                $"{where}.probabilities", "expected numbers from 0 to 1 with sum 1");
        }
    }

    private static void Name(string where, string name) => Check.That(
        name.Length is > 0 and <= Limits.NameLength, where, $"expected 1 to {Limits.NameLength} characters, found {name.Length}");
}

/// <summary>model.json as it stands in the file. The order of the members is the order of the bytes.</summary>
internal sealed record ModelDocument(
    int FormatVersion, string Algorithm, FeatureDocument[] Features, string[] Classes, Dictionary<string, string> Parameters,
    GoldenSampleDocument[] GoldenSamples, TreesDocument? Trees = null, VectorsDocument? Vectors = null)
{
    public const int CurrentVersion = 1;
}

internal sealed record FeatureDocument(string Name, double Min, double Max);

internal sealed record GoldenSampleDocument(double[] Data, int Prediction, double[] Probabilities);

/// <summary>
/// Strict on purpose: a member that is unknown, missing, null or given twice is an error, so that nothing in a file is
/// ever ignored. No type names, no polymorphism.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    MaxDepth = 16)]
[JsonSerializable(typeof(ModelDocument))]
[JsonSerializable(typeof(ManifestDocument))]
internal sealed partial class FormatJsonContext : JsonSerializerContext;

/// <summary>manifest.json, checked: the three files, hex sums, possible lengths, plain names.</summary>
internal static class ManifestReader
{
    public static ManifestDocument Read(ReadOnlySpan<byte> json)
    {
        var manifest = ModelReader.Parse(json, FormatJsonContext.Default.ManifestDocument, ModelFile.Manifest);
        var problem =
            manifest.FormatVersion != ManifestDocument.CurrentVersion
                ? $"formatVersion: expected {ManifestDocument.CurrentVersion}, found {manifest.FormatVersion}"
            : manifest.Files.Count != ModelFile.Named.Length || !ModelFile.Named.All(manifest.Files.ContainsKey)
                ? $"files: expected {string.Join(", ", ModelFile.Named)}"
            : manifest.Files.Select(file => ProblemOf(file.Key, file.Value)).FirstOrDefault(one => one is not null)
                ?? (manifest.ModelDigest == $"sha256:{manifest.Files[ModelFile.Model].Sha256}"
                    ? null : $"modelDigest is not the sum of {ModelFile.Model}");
        return problem is null ? manifest : throw new ModelFormatException($"{ModelFile.Manifest}: {problem}");
    }

    /// <summary>Where a file of the manifest lies: beside the manifest, never elsewhere.</summary>
    public static string PathOf(string name, ManifestFile file) => file.Path ?? name;

    public static string ContentName(string name, string sha256) =>
        $"{Path.GetFileNameWithoutExtension(name)}-{sha256[..12]}{Path.GetExtension(name)}";

    // The only other name that the writer gives is model-<12 hex digits of the sum>.json. Anything else is not ours, ".." least of all.
    private static string? ProblemOf(string name, ManifestFile? file) =>
        file is null || !Digest.IsHex(file.Sha256) ? $"files.{name}: sha256 is not 64 lower-case hex digits"
        : file.Length is < 1 or > Limits.FileBytes ? $"files.{name}: length {file.Length} is not from 1 to {Limits.FileBytes}"
        : file.Path is null || file.Path == ContentName(name, file.Sha256) ? null
        : $"files.{name}: path is not {ContentName(name, file.Sha256)}";
}

/// <summary>manifest.json: written last, and the only file that a reader trusts unseen.</summary>
internal sealed record ManifestDocument(int FormatVersion, string ModelDigest, Dictionary<string, ManifestFile> Files)
{
    public const int CurrentVersion = 1;
}

/// <summary>Sum and length of one file; the path is its name on disk when that is not the key: a newer model beside an older one.</summary>
internal sealed record ManifestFile(string Sha256, long Length, string? Path = null);

/// <summary>The names of the files of a model folder.</summary>
internal static class ModelFile
{
    public const string Model = "model.json";
    public const string Text = "model.txt";
    public const string Report = "report.json";
    public const string Manifest = "manifest.json";

    public static readonly string[] Named = [Model, Text, Report];
}
