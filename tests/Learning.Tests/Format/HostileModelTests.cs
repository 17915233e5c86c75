using System.Diagnostics;
using System.Text.Json.Nodes;
using IrisOperator.Testing;

namespace IrisOperator.Learning.Tests.Format;

/// <summary>Well-signed files with malicious content: the manifest fits, so only the validation stands in the way.</summary>
public sealed class HostileModelTests : IDisposable
{
    private const string Node = "{\"feature\":0,\"threshold\":1,\"left\":1,\"right\":2}";
    private const string Leaf = "{\"value\":1}";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string> WrongNodes => new()
    {
        { "", "model.json: trees.trees[0].nodes: a tree needs at least one node" },
        {
            "{\"feature\":0,\"threshold\":1,\"left\":0,\"right\":1},{\"value\":1}",
            "trees.trees[0].nodes[0].left: expected 1 to 1, found 0"
        },
        { $"{Node},{{\"feature\":0,\"threshold\":1,\"left\":0,\"right\":2}},{Leaf}", "nodes[1].left: expected 2 to 2, found 0" },
        { "{\"feature\":0,\"threshold\":1,\"left\":1,\"right\":1},{\"value\":1}", "nodes[0].right: node 1 already has a parent" },
        { "{\"feature\":0,\"threshold\":1,\"left\":1,\"right\":9},{\"value\":1}", "nodes[0].right: expected 1 to 1, found 9" },
        { "{\"feature\":0,\"threshold\":1,\"left\":-1,\"right\":1},{\"value\":1}", "nodes[0].left: expected 1 to 1, found -1" },
        { $"{{\"feature\":4,\"threshold\":1,\"left\":1,\"right\":2}},{Leaf},{Leaf}", "nodes[0].feature: expected 0 to 3, found 4" },
        { $"{{\"feature\":-1,\"threshold\":1,\"left\":1,\"right\":2}},{Leaf},{Leaf}", "nodes[0].feature: expected 0 to 3, found -1" },
        { $"{{\"feature\":0,\"threshold\":1e999,\"left\":1,\"right\":2}},{Leaf},{Leaf}", "nodes[0].threshold: not a finite number" },
        { "{\"value\":1e999}", "nodes[0]: expected a number from -1E+30 to 1E+30" },
        { "{\"value\":3e38}", "nodes[0]: expected a number from -1E+30 to 1E+30" },
        { "{\"value\":NaN}", "model.json: " },
        { "{\"value\":\"NaN\"}", "model.json: " },
        { "{\"value\":1,\"feature\":0}", "expected either a value or all of feature, threshold, left and right" },
        { "{\"feature\":0,\"left\":1,\"right\":2}", "expected either a value or all of" },
        { "{}", "expected either a value or all of" },
        { $"{Node},{Leaf},{Leaf},{Leaf}", "nodes[3]: no node leads here" },
        { "{\"value\":1,\"value\":2}", "model.json: " },
        { "{\"value\":1,\"$type\":\"System.Diagnostics.Process\"}", "model.json: " },
        { "{\"feature\":99999999999999,\"threshold\":1,\"left\":1,\"right\":2}", "model.json: " },
        { "{\"value\":\"1\"}", "expected a number" },
        { "{\"feature\":0.5,\"threshold\":1,\"left\":1,\"right\":2}", "expected a whole number" },
        { "null", "model.json: " },
        { "[]", "a node is an object" },
    };

    [Theory]
    [MemberData(nameof(WrongNodes))]
    public void hostile_trees_are_refused(string nodes, string message)
    {
        var model = Edited(m => m["trees"]!["trees"]![0]!["nodes"] = "HERE").Replace("\"HERE\"", $"[{nodes}]", StringComparison.Ordinal);
        Refused(model, message);
    }

    [Fact]
    public void a_branch_deeper_than_250_levels_is_refused()
    {
        var nodes = string.Concat(Enumerable.Range(0, 250).Select(d =>
            $"{{\"feature\":0,\"threshold\":1,\"left\":{(2 * d) + 1},\"right\":{(2 * d) + 2}}},{Leaf},"));
        Refused(
            Edited(m => m["trees"]!["trees"]![0]!["nodes"] = "HERE").Replace("\"HERE\"", $"[{nodes}{Leaf}]", StringComparison.Ordinal),
            "deeper than 250 levels");
    }

    public static TheoryData<string, string, string> WrongMembers => new()
    {
        { "formatVersion", "2", "formatVersion: expected 1, found 2" },
        { "formatVersion", "null", "model.json: " },
        { "algorithm", "\"\"", "algorithm: expected 1 to 1000 characters" },
        { "features", "[]", "features: expected 1 to 10000 entries, found 0" },
        { "features", "[null]", "features[0]: is null" },
        { "features", "[{\"name\":\"a\",\"min\":2,\"max\":1}]", "features[0]: min is above max" },
        { "features", "[{\"name\":\"a\",\"min\":1,\"max\":1},{\"name\":\"a\",\"min\":1,\"max\":1}]", "features[1]: the name occurs twice" },
        { "features", "[{\"name\":\"a\",\"min\":1}]", "model.json: " },
        { "classes", "[\"a\"]", "classes: expected 2 to 1000 entries, found 1" },
        { "classes", "[\"b\",\"a\",\"c\"]", "classes: expected distinct names in ordinal order" },
        { "classes", "[\"10\",\"9\",\"11\"]", "classes: expected distinct names in the order of their numbers" },
        { "classes", "[\"a\",\"a\",\"c\"]", "classes: expected distinct names in ordinal order" },
        { "classes", "[\"a\",null,\"c\"]", "classes[1]: is null" },
        { "classes", "[\"a\",\"b\"]", "trees.classes: expected 2, found 3" },
        { "parameters", "{\"a\":null}", "parameters: a value is null" },
        { "goldenSamples", "[]", "goldenSamples: expected 1 to 1000 entries, found 0" },
        {
            "goldenSamples", "[{\"data\":[1],\"prediction\":0,\"probabilities\":[1,0,0]}]",
            "goldenSamples[0].data: expected 4 entries, found 1"
        },
        {
            "goldenSamples", "[{\"data\":[1,1,1,1],\"prediction\":3,\"probabilities\":[1,0,0]}]",
            "goldenSamples[0].prediction: expected 0 to 2, found 3"
        },
        {
            "goldenSamples", "[{\"data\":[1,1,1,1],\"prediction\":0,\"probabilities\":[1,1,0]}]",
            "goldenSamples[0].probabilities: expected numbers from 0 to 1 with sum 1"
        },
        { "trees", "null", "expected exactly one of trees and vectors" },
        {
            "trees", "{\"baseScore\":0.5,\"rounds\":1000000000,\"classes\":3,\"trees\":[{\"class\":0,\"nodes\":[{\"value\":1}]}]}",
            "trees.rounds: "
        },
        { "trees", "{\"baseScore\":0.5,\"rounds\":0,\"classes\":3,\"trees\":[]}", "trees.trees: expected 1 to 200000 entries, found 0" },
        { "trees", "{\"baseScore\":0.5,\"rounds\":1,\"classes\":3,\"trees\":[null,null,null]}", "trees.trees[0]: is null" },
        { "unknown", "1", "model.json: " },
        { "vectors", "{}", "model.json: " },
    };

    [Theory]
    [MemberData(nameof(WrongMembers))]
    public void hostile_members_are_refused(string member, string json, string message)
    {
        Refused(Edited(m => m[member] = JsonNode.Parse(json)), message);
    }

    public static TheoryData<string, string, string> WrongVectors => new()
    {
        { "kernel", "\"sigmoid\"", "vectors.kernel: expected rbf, linear or polynomial" },
        { "gamma", "-1", "vectors.gamma: expected a number of at least 0" },
        { "degree", "1000000000", "vectors.degree: expected 1 to 10, found 1000000000" },
        { "mean", "[1,2]", "vectors.mean: expected 4 entries, found 2" },
        { "scale", "[1,1,0,1]", "vectors.scale: expected numbers above 0" },
        { "rho", "[1]", "vectors.rho: expected 3 entries, found 1" },
        { "probA", "[1,1,1e999]", "vectors.probA: not a finite number" },
        { "probB", "[]", "vectors.probB: expected 3 entries, found 0" },
        { "supportVectors", "[]", "vectors.supportVectors: expected 1 to 200000 entries, found 0" },
        { "supportVectors", "[null]", "vectors.supportVectors[0]: is null" },
        {
            "supportVectors", "[{\"class\":3,\"coefficients\":[1,1],\"data\":[1,1,1,1]}]",
            "supportVectors[0].class: expected 0 to 2, found 3"
        },
        {
            "supportVectors", "[{\"class\":0,\"coefficients\":[1],\"data\":[1,1,1,1]}]",
            "supportVectors[0].coefficients: expected 2 entries, found 1"
        },
        {
            "supportVectors", "[{\"class\":0,\"coefficients\":[1,1],\"data\":[1,1]}]",
            "supportVectors[0].data: expected 4 entries, found 2"
        },
        {
            "supportVectors",
            "[{\"class\":1,\"coefficients\":[1,1],\"data\":[1,1,1,1]},{\"class\":0,\"coefficients\":[1,1],\"data\":[1,1,1,1]}]",
            "supportVectors[1].class: the support vectors must be grouped by class"
        },
    };

    [Theory]
    [MemberData(nameof(WrongVectors))]
    public void hostile_vectors_are_refused(string member, string json, string message)
    {
        Refused(WithVectors(v => v[member] = JsonNode.Parse(json)), message);
    }

    [Fact]
    public void the_vectors_of_these_tests_are_valid_before_they_are_edited()
    {
        ModelFixtures.WriteFolder(_folder.Path, WithVectors(_ => { }));

        var (model, _) = ModelFolder.Read(_folder.Path);

        var probabilities = new double[3];
        model.PredictProbabilities([double.MaxValue, -double.MaxValue, 1e300, 0], probabilities);
        Assert.All(probabilities, p => Assert.InRange(p, 0, 1));
        Assert.Equal(1, probabilities.Sum(), 1e-9);
    }

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{\"trees\":", "}")]
    public void deep_json_is_refused_without_overflowing_the_stack(string open, string close)
    {
        const int Depth = 1_000_000;
        Refused(string.Concat(Enumerable.Repeat(open, Depth)) + "1" + string.Concat(Enumerable.Repeat(close, Depth)), "model.json: ");
    }

    [Fact]
    public void a_file_beyond_the_limit_is_refused_unread()
    {
        ModelFixtures.WriteFolder(_folder.Path, ModelFixtures.IrisJson());
        using (var stream = File.OpenWrite(_folder.Combine("model.json")))
        {
            stream.SetLength(1L << 40);
        }
        var manifest = File.ReadAllText(_folder.Combine("manifest.json"));
        var length = ModelFixtures.IrisJson().Length;
        File.WriteAllText(
            _folder.Combine("manifest.json"), manifest.Replace($"\"length\":{length}", $"\"length\":{1L << 40}", StringComparison.Ordinal));

        var e = Assert.Throws<ModelFormatException>(() => ModelFolder.Read(_folder.Path));
        Assert.Equal($"manifest.json: files.model.json: length {1L << 40} is not from 1 to 33554432", e.Message);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"value\":1}")]
    [InlineData("{\"feature\":0,\"threshold\":1,\"left\":1,\"right\":2}")]
    public void thirty_megabytes_of_nodes_are_refused_in_bounded_time_and_memory(string node)
    {
        var many = string.Concat(Enumerable.Repeat(node + ",", 30_000_000 / (node.Length + 1)));
        ModelFixtures.WriteFolder(
            _folder.Path,
            Edited(m => m["trees"]!["trees"]![0]!["nodes"] = "HERE").Replace("\"HERE\"", $"[{many}{node}]", StringComparison.Ordinal));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var clock = Stopwatch.StartNew();

        Assert.Throws<ModelFormatException>(() => ModelFolder.Read(_folder.Path));

        // Under a second on an idle machine; tests share theirs. The file, and the nodes with the copies of a growing list.
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 10);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 700_000_000);
        TestContext.Current.TestOutputHelper?.WriteLine($"{clock.Elapsed} {GC.GetAllocatedBytesForCurrentThread() - before}");
    }

    private void Refused(string modelJson, string message)
    {
        ModelFixtures.WriteFolder(_folder.Path, modelJson);
        var clock = Stopwatch.StartNew();

        var e = Assert.Throws<ModelFormatException>(() => ModelFolder.Read(_folder.Path));

        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 5);
        Assert.StartsWith("model.json: ", e.Message, StringComparison.Ordinal);
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    private static string Edited(Action<JsonObject> edit)
    {
        var model = JsonNode.Parse(ModelFixtures.IrisJson())!.AsObject();
        edit(model);
        return model.ToJsonString();
    }

    private static string WithVectors(Action<JsonObject> edit)
    {
        return Edited(m =>
        {
            var vectors = JsonNode.Parse("""
                {"kernel":"polynomial","gamma":0.25,"coef0":1,"degree":3,"mean":[0,0,0,0],"scale":[1,1,1,1],
                "rho":[0,0,0],"probA":[-1,-1,-1],"probB":[0,0,0],"supportVectors":[
                {"class":0,"coefficients":[1,1],"data":[1,1,1,1]},{"class":2,"coefficients":[-1,-1],"data":[1,1,1,2]}]}
                """)!.AsObject();
            edit(vectors);
            m.Remove("trees");
            m["vectors"] = vectors;
        });
    }
}
