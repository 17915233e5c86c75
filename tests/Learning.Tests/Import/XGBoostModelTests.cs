using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IrisOperator.Testing;
using IrisOperator.Training.Import;

namespace IrisOperator.Learning.Tests.Import;

/// <summary>Models of Debian's python3-xgboost, with the answers that it gave; both made by the script make-xgboost.</summary>
public sealed class XGBoostModelTests
{
    [Theory]
    [InlineData("iris.json", 3, 4)]
    [InlineData("iris.ubj", 3, 4)]
    [InlineData("cancer.json", 2, 30)]
    [InlineData("diabetes.ubj", 0, 10)]
    public void an_imported_model_answers_as_the_library_did(string file, int classes, int columns)
    {
        var imported = XGBoostModel.Read(JsonOf(file));

        Assert.Equal((classes, columns), (imported.Classes, imported.Columns));
        var model = Imported.Build(imported);
        var recorded = JsonNode.Parse(File.ReadAllText(PathOf($"{Path.GetFileNameWithoutExtension(file)}.answers.json")))!;
        var rows = recorded["rows"]!.AsArray();
        for (var row = 0; row < rows.Count; row++)
        {
            var answers = new double[model.Answers];
            model.PredictProbabilities([.. rows[row]!.AsArray().Select(value => (double?)value ?? double.NaN)], answers);
            double[] expected = recorded["answers"]![row] is JsonArray several
                ? [.. several.Select(value => (double)value!)]
                : [(double)recorded["answers"]![row]!];
            for (var a = 0; a < answers.Length; a++)
            {
                Assert.Equal(expected[a], answers[a], 1e-6 * Math.Max(1, Math.Abs(expected[a])));
            }
        }
    }

    [Fact]
    public void gains_are_those_that_the_library_tells()
    {
        // get_score(importance_type="total_gain") of python3-xgboost.
        double[] expected = [0, 0, 324.8350830078125, 164.04017639160156];

        var gains = XGBoostModel.Read(JsonOf("iris.json")).Gains!;

        Assert.All(gains.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-3));
    }

    [Fact]
    public void what_comes_after_the_best_iteration_is_left_out_and_told()
    {
        var json = JsonNode.Parse(JsonOf("iris.json").Span)!;
        json["learner"]!["attributes"] = new JsonObject { ["best_iteration"] = "1" };

        var imported = XGBoostModel.Read(Bytes(json));

        Assert.Equal(6, imported.Trees!.Trees.Length);
        Assert.Contains("best iteration, 1,", Assert.Single(imported.Assumptions), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("learner/objective/name", "\"rank:pairwise\"", "XGBoost's objective rank:pairwise cannot be imported")]
    [InlineData("learner/gradient_booster/name", "\"gblinear\"", "XGBoost's booster gblinear cannot be imported; gbtree can")]
    [InlineData("learner/learner_model_param/base_score", "\"[1E-1,2E-1,3E-1]\"", "base_score [1E-1,2E-1,3E-1] differs between classes")]
    [InlineData("learner/learner_model_param/num_class", "\"x\"", "not as XGBoost writes a model")]
    [InlineData("learner/gradient_booster/model/tree_info", "[0]", "15 trees, and the classes of 1")]
    [InlineData("learner/gradient_booster/model/trees/0/left_children/0", "0", "tree 0: two branches lead to node 0")]
    [InlineData("learner/gradient_booster/model/trees/0/left_children/0", "1000000000", "tree 0: a branch leads to node 1000000000")]
    [InlineData("learner/gradient_booster/model/trees/0/split_indices/0", "4", "tree 0: node 0 splits by feature 4, and there are 4")]
    [InlineData("learner/gradient_booster/model/trees/0/split_type/0", "1", "tree 0: splits by categories cannot be imported")]
    [InlineData("learner/gradient_booster/model/trees/0/right_children", "[1]", "tree 0: its arrays are empty or of different lengths")]
    public void a_model_that_our_document_has_no_word_for_is_refused(string path, string value, string message)
    {
        var json = JsonNode.Parse(JsonOf("iris.json").Span)!;
        var parent = path.Split('/')[..^1].Aggregate(json, (node, name) => node is JsonArray ? node[int.Parse(name, null)]! : node[name]!);
        var last = path.Split('/')[^1];
        if (parent is JsonArray array)
        {
            array[int.Parse(last, null)] = JsonNode.Parse(value);
        }
        else
        {
            parent[last] = JsonNode.Parse(value);
        }

        var e = Assert.Throws<InputException>(() => XGBoostModel.Read(Bytes(json)));

        Assert.Equal(InputProblem.InvalidModel, e.Problem);
        Assert.StartsWith(message, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void every_cut_and_every_changed_byte_of_a_binary_file_ends_in_a_model_or_a_sentence()
    {
        var whole = File.ReadAllBytes(PathOf("iris.ubj"));
        var refused = 0;
        for (var i = 0; i < whole.Length; i += 7)
        {
            var changed = (byte[])whole.Clone();
            changed[i] ^= (byte)(1 << (i % 8));
            refused += IsRefused(whole[..i]) ? 1 : 0;
            refused += IsRefused(changed) ? 1 : 0;
        }

        Assert.InRange(refused, whole.Length / 7, 2 * whole.Length / 7);
    }

    [Theory]
    [InlineData("{", "the file ends in the middle of a value")]
    [InlineData("[$d#L\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f", "a container of 9187201950435737471 values")]
    [InlineData("[$Z#U\x7f", "a container of 127 values")]
    [InlineData("SL\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f", "a text of 9187201950435737471 bytes")]
    [InlineData("x", "unknown marker 0x78 at byte 0")]
    [InlineData("i\u0001i", "1 bytes after the end")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "more than 32 levels")]
    public void hostile_binary_json_is_refused(string bytes, string message)
    {
        var e = Assert.Throws<FormatException>(() => UniversalBinaryJson.ToJson(Encoding.Latin1.GetBytes(bytes)));

        Assert.StartsWith(message, e.Message, StringComparison.Ordinal);
    }

    private static bool IsRefused(byte[] bytes)
    {
        try
        {
            Imported.Build(XGBoostModel.Read(UniversalBinaryJson.ToJson(bytes)));
            return false;
        }
        catch (Exception e) when (e is InputException or FormatException or ModelFormatException)
        {
            return true;
        }
    }

    internal static ReadOnlyMemory<byte> JsonOf(string file)
    {
        var bytes = File.ReadAllBytes(PathOf(file));
        return file.EndsWith(".ubj", StringComparison.Ordinal) ? UniversalBinaryJson.ToJson(bytes) : bytes;
    }

    private static byte[] Bytes(JsonNode json) => JsonSerializer.SerializeToUtf8Bytes(json);

    internal static string PathOf(string file) => Path.Combine(Repository.Root, "tests", "Learning.Tests", "Import", "xgboost", file);
}
