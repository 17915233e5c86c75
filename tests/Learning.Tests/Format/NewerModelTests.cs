using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IrisOperator.Learning.Format;
using IrisOperator.Testing;

namespace IrisOperator.Learning.Tests.Format;

/// <summary>Format version 2: what it is needed for, and what it refuses.</summary>
public sealed class NewerModelTests
{
    [Fact]
    public void a_plain_model_stays_version_1_byte_for_byte()
    {
        var json = JsonNode.Parse(ModelFixtures.IrisJson())!.ToJsonString();
        var document = JsonSerializer.Deserialize(json, FormatJsonContext.Default.ModelDocument)!;

        Assert.Equal(1, document.NeededVersion);
        Assert.Equal(json, JsonSerializer.Serialize(document, FormatJsonContext.Default.ModelDocument));
    }

    [Theory]
    [MemberData(nameof(Newer))]
    public void a_newer_model_reads_writes_and_answers_its_golden_samples(string json)
    {
        var compact = JsonNode.Parse(json)!.ToJsonString();
        var document = JsonSerializer.Deserialize(json, FormatJsonContext.Default.ModelDocument)!;

        Assert.Equal(2, document.NeededVersion);
        Assert.Equal(compact, JsonSerializer.Serialize(document, FormatJsonContext.Default.ModelDocument));
        Read(json).VerifyGoldenSamples();
        Refused(Edited(json, model => model["formatVersion"] = 1), "formatVersion: expected 2, found 1");
    }

    public static TheoryData<string> Newer => [NewerFixtures.MixedJson(), NewerFixtures.RegressionJson()];

    [Fact]
    public void a_recorded_number_that_is_not_answered_is_a_mismatch()
    {
        var e = Assert.Throws<GoldenSampleMismatchException>(Read(NewerFixtures.RegressionJson(27.001)).VerifyGoldenSamples);

        Assert.Equal("golden sample 1 of 2: answered 27, recorded 27.001", e.Message);
    }

    [Fact]
    public void each_new_thing_alone_needs_version_2()
    {
        foreach (var (path, value) in new[]
        {
            ("features.0.imputed", "3"), ("features.0.categories", "[\"a\"]"), ("trees.takesMissing", "true"),
            ("trees.link", "{\"kind\":\"logistic\"}"), ("trees.trees.0.covers", "[1,1]"),
        })
        {
            Refused(Edited(ModelFixtures.IrisJson(), model => Set(model, path, value)), "formatVersion: expected 2, found 1");
        }
    }

    public static TheoryData<string, string, string> WrongMixed => new()
    {
        { "features.1.categories", "[]", "features[1].categories: expected 1 to 50000 entries, found 0" },
        { "features.1.categories", "[null]", "features[1].categories[0]: is null" },
        { "features.1.categories", "[\"a\",\"\"]", "features[1].categories[1]: expected 1 to 1000 characters, found 0" },
        { "features.1.categories", "[\"a\",\"a\"]", "features[1].categories[1]: occurs twice" },
        { "features.1.imputed", "2", "features[1].imputed: expected the index of a category, found 2" },
        { "features.1.imputed", "0.5", "features[1].imputed: expected the index of a category, found 0.5" },
        { "features.0.imputed", "1e999", "features[0].imputed: not a finite number" },
        { "features.0.imputed", "\"a\"", "model.json: " },
        { "trees.takesMissing", "false", "trees.takesMissing: expected true, or nothing" },
        { "trees.takesMissing", "null", "trees.trees[1].nodes[0].missingLeft: these trees take no missing values" },
        { "trees.trees.1.nodes.0.missingLeft", "false", "expected true, or nothing" },
        { "trees.trees.1.nodes.0.missingLeft", "1", "expected true, or nothing" },
        { "trees.trees.1.nodes.1.missingLeft", "true", "expected either a value or all of feature, threshold, left and right" },
        { "trees.trees.1.nodes.0.feature", "4", "trees.trees[1].nodes[0].feature: expected 0 to 3, found 4" },
        { "trees.trees.1.covers", "null", "trees.trees[1].covers: expected in all trees, or in none" },
        { "trees.trees.0.covers", "null", "trees.trees[1].covers: expected in all trees, or in none" },
        { "trees.trees.2.covers", "[1]", "trees.trees[2].covers: expected 2 entries, found 1" },
        { "trees.trees.2.covers", "[1,-1]", "trees.trees[2].covers[1]: expected a number from 0 to 1E+30" },
        { "trees.trees.2.covers", "[1e999,1]", "trees.trees[2].covers[0]: expected a number from 0 to 1E+30" },
        { "trees.trees.2.covers", "[null,1]", "model.json: " },
        { "trees.trees.2.covers", "[\"NaN\",1]", "model.json: " },
        { "trees.link", "{\"kind\":\"probit\"}", "trees.link.kind: expected logistic or identity" },
        { "trees.link", "{\"kind\":\"logistic\",\"power\":1}", "model.json: " },
        { "trees.link", "null", "trees.classes: expected 2, found 1" },
        { "trees.link.slopes", "[1,2]", "trees.link.slopes: expected 1 entries, found 2" },
        { "trees.link.offsets", "[1e999]", "trees.link.offsets: not a finite number" },
        { "goldenSamples.0.data", "[1,2,3]", "goldenSamples[0].data: expected the index of a category of colour or -1, found 2" },
        { "goldenSamples.0.data", "[1,0.5,3]", "goldenSamples[0].data: expected the index of a category of colour or -1, found 0.5" },
        { "goldenSamples.0.data", "[1,0,\"a\"]", "model.json: " },
        { "goldenSamples.0.prediction", "0.5", "goldenSamples[0].prediction: expected 0 to 1, found 0.5" },
        { "goldenSamples.0.probabilities", "null", "goldenSamples[0].probabilities: expected 2 entries, found 0" },
        { "classes", "[]", "trees.link: expected identity where there are no classes" },
        { "doubleTrees", "{\"baseScore\":0,\"rounds\":0,\"classes\":1,\"trees\":[]}", "expected exactly one of trees and vectors" },
    };

    [Theory]
    [MemberData(nameof(WrongMixed))]
    public void hostile_trees_and_features_are_refused(string path, string value, string message) =>
        Refused(Edited(NewerFixtures.MixedJson(), model => Set(model, path, value)), message);

    public static TheoryData<string, string, string> WrongRegression => new()
    {
        { "linear.weights", "[]", "linear.weights: expected 1, found 0" },
        { "linear.weights", "[null]", "linear.weights[0]: is null" },
        { "linear.weights", "[[1,2]]", "linear.weights[0]: expected 3 entries, found 2" },
        { "linear.weights", "[[1,2,1e999]]", "linear.weights[0]: not a finite number" },
        { "linear.intercepts", "[]", "linear.intercepts: expected 1 entries, found 0" },
        { "linear.means", "[1,1,1]", "linear: expected both means and scales, or neither" },
        { "linear.link", "null", "linear.link: expected identity where there are no classes" },
        { "linear.link.slopes", "[1]", "linear.link.slopes: expected only with logistic" },
        { "goldenSamples.0.probabilities", "[1]", "goldenSamples[0].probabilities: a regression has none" },
        { "goldenSamples.0.prediction", "1e999", "goldenSamples[0].prediction: not a finite number" },
        { "goldenSamples.0.data", "[null,1]", "goldenSamples[0].data: not a finite number: feature x takes no missing values" },
        { "classes", "[\"a\",\"b\"]", "linear.link: expected no classes" },
    };

    [Theory]
    [MemberData(nameof(WrongRegression))]
    public void hostile_regressions_are_refused(string path, string value, string message) =>
        Refused(Edited(NewerFixtures.RegressionJson(), model => Set(model, path, value)), message);

    [Theory]
    [InlineData("[0,1,1]")]
    [InlineData("[-1,1,1]")]
    public void a_scale_that_is_not_above_0_is_refused(string scales)
    {
        Refused(
            Edited(NewerFixtures.RegressionJson(), model =>
            {
                Set(model, "linear.means", "[0,0,0]");
                Set(model, "linear.scales", scales);
            }),
            "linear.scales: expected numbers above 0");
    }

    [Fact]
    public void a_regression_by_support_vectors_is_refused()
    {
        Refused(
            Edited(NewerFixtures.RegressionJson(), model =>
            {
                model.Remove("linear");
                model["vectors"] = JsonNode.Parse("""
                    {"kernel":"rbf","gamma":1,"coef0":0,"degree":1,"mean":[],"scale":[],"rho":[],"probA":[],"probB":[],"supportVectors":[]}
                    """);
            }),
            "vectors: expected classes");
    }

    private static Model Read(string json) => ModelReader.Read(Encoding.UTF8.GetBytes(json));

    private static void Refused(string json, string message)
    {
        var e = Assert.Throws<ModelFormatException>(() => Read(json));

        Assert.StartsWith("model.json: ", e.Message, StringComparison.Ordinal);
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    private static string Edited(string json, Action<JsonObject> edit)
    {
        var model = JsonNode.Parse(json)!.AsObject();
        edit(model);
        // JsonNode writes no infinity; a literal beyond the range of double stands for it in the paths above.
        return model.ToJsonString().Replace("\"@1e999\"", "1e999", StringComparison.Ordinal);
    }

    /// <summary>Null removes the member.</summary>
    private static void Set(JsonObject model, string path, string value)
    {
        var parts = path.Split('.');
        JsonNode at = model;
        foreach (var part in parts[..^1])
        {
            at = at is JsonArray array ? array[int.Parse(part, System.Globalization.CultureInfo.InvariantCulture)]! : at[part]!;
        }
        if (value == "null")
        {
            at.AsObject().Remove(parts[^1]);
            return;
        }
        at[parts[^1]] = JsonNode.Parse(value.Replace("1e999", "\"@1e999\"", StringComparison.Ordinal));
    }
}
