using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using IrisOperator.Learning.Onnx;
using IrisOperator.Learning.Prediction;

namespace IrisOperator.Learning.Format;

/// <summary>
/// From the bytes of model.json to a model that cannot misbehave: whatever passes here predicts in bounded time,
/// without an exception, on any finite input.
/// </summary>
internal static class ModelReader
{
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
        Check.Name("algorithm", document.Algorithm);
        FeaturesValidator.Validate(document.Features);
        Classes(document.Classes);
        Check.That(
            document.FormatVersion == document.NeededVersion,
            "formatVersion", $"expected {document.NeededVersion}, found {document.FormatVersion}");
        Check.Count("parameters", document.Parameters.Count, 0, Limits.Parameters);
        Check.That(!document.Parameters.ContainsValue(null!), "parameters", "a value is null");
        var model = new Model(document, BuildPredictor(document));
        GoldenSamplesValidator.Validate(document.GoldenSamples, model);
        return model;
    }

    /// <summary>The parser's messages may carry line breaks; errors of this library fit on one line.</summary>
    public static string OneLine(string text) => text.ReplaceLineEndings(" ");

    public static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static Predictor BuildPredictor(ModelDocument document)
    {
        var shape = Shape.Of(document);
        switch (document)
        {
            case { Trees: { } trees, Vectors: null, DoubleTrees: null, Linear: null, Onnx: null }:
                TreesValidator<float>.Validate("trees", trees, shape);
                return new TreeEnsemble<float>(trees);
            case { Trees: null, Vectors: { } vectors, DoubleTrees: null, Linear: null, Onnx: null }:
                Check.That(!shape.IsRegression, "vectors", "expected classes");
                VectorsValidator.Validate(vectors, shape.Columns, shape.Answers);
                return new SupportVectorMachine(vectors, shape.Answers);
            case { Trees: null, Vectors: null, DoubleTrees: { } trees, Linear: null, Onnx: null }:
                TreesValidator<double>.Validate("doubleTrees", trees, shape);
                return new TreeEnsemble<double>(trees);
            case { Trees: null, Vectors: null, DoubleTrees: null, Linear: { } linear, Onnx: null }:
                LinearValidator.Validate(linear, shape);
                return new LinearModel(linear);
            case { Trees: null, Vectors: null, DoubleTrees: null, Linear: null, Onnx: { } graph }:
                return OnnxPredictor.Load(graph, shape);
            default:
                throw new ModelFormatException(
                    $"{ModelFile.Model}: expected exactly one of trees and vectors, doubleTrees, linear and onnx included");
        }
    }

    private static void Classes(string[] classes)
    {
        if (classes.Length == 0)
        {
            return;
        }
        Check.Count("classes", classes.Length, 2, Limits.Classes);
        Check.NoNulls("classes", classes);
        for (var i = 0; i < classes.Length; i++)
        {
            Check.Name($"classes[{i}]", classes[i]);
        }
        var areNumbers = Array.TrueForAll(classes, name => WholeNumber(name) is not null);
        for (var i = 1; i < classes.Length; i++)
        {
            var isAscending = areNumbers
                ? WholeNumber(classes[i - 1]) < WholeNumber(classes[i])
                : string.CompareOrdinal(classes[i - 1], classes[i]) < 0;
            Check.That(
                isAscending, "classes", $"expected distinct names in {(areNumbers ? "the order of their numbers" : "ordinal order")}");
        }
    }

    private static double? WholeNumber(string name) =>
        double.TryParse(name, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && double.IsFinite(number) && number == Math.Floor(number) ? number : null;
}

/// <summary>What the parts of a model have to agree on.</summary>
/// <param name="Columns">Numbers that a predictor is given: the features, those that are text as several columns.</param>
/// <param name="Answers">Classes, or the one number of a regression.</param>
internal readonly record struct Shape(int Columns, int Answers, bool IsRegression)
{
    public static Shape Of(ModelDocument document) => new(
        document.Features.Sum(feature => feature.Columns), Math.Max(document.Classes.Length, 1), document.Classes.Length == 0);
}
