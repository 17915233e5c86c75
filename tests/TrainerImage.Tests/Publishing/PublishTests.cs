using System.Formats.Tar;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using IrisOperator.Registry;
using IrisOperator.ServingImage.Tests.Hosting;
using IrisOperator.Testing;

namespace IrisOperator.TrainerImage.Tests.Publishing;

/// <summary>The whole way into a registry that people run.</summary>
public sealed class PublishTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task a_model_becomes_version_0_with_its_lineage()
    {
        await using var registry = await RegistryWithBase.StartAsync();
        var model = TestModels.Write(_folder.Combine("model"));

        var run = await Publisher.RunAsync(registry.Arguments(_folder.Combine("model")));

        Assert.Equal("", run.Errors);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            $$"""{"formatVersion":1,"outcome":"Published","repository":"{{registry.Iris}}","version":"1.0.0","""
            + $"\"digest\":\"{run["digest"]}\",\"modelDigest\":\"{model}\",\"baseDigest\":\"{registry.Base}\"}}",
            run.Output.TrimEnd('\n').Split('\n')[^1]);
        var manifest = await ManifestAsync(registry, "1.0.0");
        Assert.Equal(run["digest"], manifest.Digest.ToString());
        Assert.Equal(
            new SortedDictionary<string, string>(StringComparer.Ordinal)
            {
                ["iris-operator.dev/dataset-digest"] = TestModels.DatasetDigest,
                ["iris-operator.dev/metric.accuracy"] = "0.9533",
                ["iris-operator.dev/metric.logLoss"] = "0.1500",
                ["iris-operator.dev/metric.macroF1"] = "0.9532",
                ["iris-operator.dev/model-digest"] = model,
                ["iris-operator.dev/schema"] =
                    """{"features":["Sepal_Length","Sepal_Width","Petal_Length","Petal_Width"],"classes":"""
                    + """["setosa","versicolor","virginica"]}""",
                ["iris-operator.dev/seed"] = "2",
                ["iris-operator.dev/trainer-digest"] = TestModels.DatasetDigest,
                ["iris-operator.dev/training"] = "default/iris",
                ["org.opencontainers.image.base.digest"] = registry.Base.ToString(),
                ["org.opencontainers.image.base.name"] = $"{registry.Host}/bases/serving:1.0.0",
                ["org.opencontainers.image.title"] = "Model of default/iris",
            },
            Registry.Images.ImageAnnotations.Read(manifest));

        // No claim is left, nor anything else.
        Assert.Equal(["1.0.0"], await registry.TagsAsync());
    }

    [Fact]
    public async Task what_is_published_unpacks_to_a_model_that_the_server_serves()
    {
        await using var registry = await RegistryWithBase.StartAsync();
        TestModels.Write(_folder.Combine("model"));
        await Publisher.RunAsync(registry.Arguments(_folder.Combine("model")));

        var environment = await UnpackAsync(registry, "1.0.0", _folder.Combine("root"));

        Assert.Equal("/model", environment["IRIS_MODEL_DIR"]);
        using var server = ServerProcess.Start(
            ("IRIS_MODEL_DIR", _folder.Combine("root", "model")), ("IRIS_MODEL_DIGEST", environment["IRIS_MODEL_DIGEST"]),
            ("IRIS_PORT", "0"));
        await server.WaitForLogAsync("serving sha256:", Stop);
        using var http = new HttpClient();
        using var answer = await http.PostAsJsonAsync(
            $"http://127.0.0.1:{server.Port}/api/predict", new { data = ModelFixtures.Versicolor }, Stop);
        Assert.Equal("""{"name":"versicolor","prediction":1}""", await answer.Content.ReadAsStringAsync(Stop));
        Assert.Equal([environment["IRIS_MODEL_DIGEST"]], answer.Headers.GetValues("Iris-Model-Digest"));
    }

    [Theory]
    [InlineData("xgboost")]
    [InlineData("svm")]
    public async Task the_same_data_seed_base_and_options_give_the_same_image_bit_for_bit(string algorithm)
    {
        NativeLibraries.Require();
        await using var one = await RegistryWithBase.StartAsync();
        await using var two = await RegistryWithBase.StartAsync();
        var digests = new List<string?>();

        // The second folder held another model before, and so its files have other names than in an empty one.
        TestModels.Write(_folder.Combine("two"), weight: 3);
        foreach (var (registry, name) in new[] { (one, "one"), (two, "two") })
        {
            var train = await TrainProcess.RunAsync([Repository.IrisCsv, _folder.Combine(name), "--algorithm", algorithm]);
            Assert.Equal(0, train.ExitCode);

            // By digest, for the name of a registry would be another option.
            var publish = await TrainProcess.RunAsync(
            [
                "publish", _folder.Combine(name), "--repository", $"{registry.Iris}", "--series", "1.0", "--base",
                $"{registry.Host}/bases/serving@{registry.Base}", "--insecure-registry", $"{registry.Host}",
            ]);
            Assert.Equal(("", 0), (publish.Errors, publish.ExitCode));
            digests.Add((string?)publish.Report["digest"]);
        }

        Assert.True(File.Exists(Directory.GetFiles(_folder.Combine("two"), "model-*.json").Single()));
        Assert.Equal(digests[0], digests[1]);
    }

    [Fact]
    public async Task no_layer_of_the_base_travels_when_the_registry_has_it()
    {
        await using var registry = await RegistryWithBase.StartAsync();
        await using var proxy = new RegistryProxy(registry.Host);
        TestModels.Write(_folder.Combine("model"));
        var before = registry.Log.Count;

        var run = await Publisher.RunAsync(registry.Arguments(_folder.Combine("model"), by: proxy.Host));

        Assert.Equal(0, run.ExitCode);
        Assert.InRange(proxy.Sent + proxy.Received, 1, 64_000);
        var log = registry.Log.Skip(before).ToList();
        Assert.DoesNotContain(log, line => registry.BaseLayers.Any(layer =>
            line.StartsWith("GET ", StringComparison.Ordinal) && line.Contains(layer, StringComparison.Ordinal)));
        Assert.Single(log, line =>
            line.StartsWith("POST ", StringComparison.Ordinal) && line.Contains("?mount=", StringComparison.Ordinal));

        // Uploads: the model's layer, the config, and the claim's config. Manifests: the image, its claim, its version.
        Assert.Equal(3, log.Count(line => line.StartsWith("PATCH ", StringComparison.Ordinal)));
        Assert.Equal(3, log.Count(line =>
            line.StartsWith("PUT ", StringComparison.Ordinal) && line.Contains("/manifests/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task the_same_model_again_sends_nothing_and_names_its_version()
    {
        await using var registry = await RegistryWithBase.StartAsync();
        TestModels.Write(_folder.Combine("first"));
        var first = await Publisher.RunAsync(registry.Arguments(_folder.Combine("first")));
        var before = registry.Log.Count;

        // Somebody else's training came to the same model.
        var again = await Publisher.RunAsync(
            registry.Arguments(_folder.Combine("first"), more: ["--annotation", "iris-operator.dev/training-uid=7"]));

        Assert.Equal((0, "Unchanged", "1.0.0", first["digest"]), (again.ExitCode, again["outcome"], again["version"], again["digest"]));
        Assert.DoesNotContain(registry.Log.Skip(before), line =>
            !line.StartsWith("GET ", StringComparison.Ordinal) && !line.StartsWith("HEAD ", StringComparison.Ordinal));

        // A patched base is another image, and another series is wanted for some reason.
        await registry.PushBaseAsync("1.0.1");
        var rebased = await Publisher.RunAsync(registry.Arguments(_folder.Combine("first")));
        Assert.Equal(("Published", "1.0.1"), (rebased["outcome"], rebased["version"]));
        var series = await Publisher.RunAsync(registry.Arguments(_folder.Combine("first"), series: "1.1"));
        Assert.Equal(("Published", "1.1.0"), (series["outcome"], series["version"]));
    }

    [Fact]
    public async Task publishers_at_the_same_time_get_versions_of_their_own()
    {
        await using var registry = await RegistryWithBase.StartAsync();
        var folders = Enumerable.Range(2, 3).Select(weight => _folder.Combine($"{weight}")).ToList();
        foreach (var folder in folders)
        {
            TestModels.Write(folder, weight: int.Parse(Path.GetFileName(folder), System.Globalization.CultureInfo.InvariantCulture));
        }

        var runs = await Task.WhenAll(folders.Select(folder => Task.Run(() => Publisher.RunAsync(registry.Arguments(folder)), Stop)));

        Assert.All(runs, run => Assert.Equal((0, "Published"), (run.ExitCode, run["outcome"])));
        Assert.Equal(3, runs.Select(run => run["version"]).Distinct().Count());
        foreach (var run in runs)
        {
            Assert.Equal(run["digest"], (await ManifestAsync(registry, run["version"]!)).Digest.ToString());
        }
    }

    [Fact]
    public async Task another_schema_needs_a_higher_major_and_the_difference_is_named()
    {
        await using var registry = await RegistryWithBase.StartAsync();
        TestModels.Write(_folder.Combine("model"));
        TestModels.Write(_folder.Combine("other"), edit: model => model
            .Replace("Petal_Width", "Petal_Area", StringComparison.Ordinal)
            .Replace("virginica", "virginia", StringComparison.Ordinal));
        await Publisher.RunAsync(registry.Arguments(_folder.Combine("model")));

        // Pushed by hand, without annotations: passed over, and never overwritten.
        var bases = RepositoryName.Parse($"{registry.Host}/bases/serving");
        var foreign = await registry.Client.GetManifestAsync(bases.With(registry.Base), Stop);
        await registry.Client.EnsureBlobAsync(registry.Iris, ConfigOf(foreign), bases, _ => throw new InvalidOperationException(), Stop);
        await registry.Client.PutManifestAsync(registry.Iris, foreign, Tag.Parse("1.3.0"), Stop);
        var before = registry.Log.Count;

        var refused = await Publisher.RunAsync(registry.Arguments(_folder.Combine("other"), series: "1.3"));

        Assert.Equal(2, refused.ExitCode);
        Assert.Equal(("Failed", "SchemaChanged"), (refused["outcome"], refused["reason"]));
        Assert.False((bool?)refused.Report["retriable"]);
        Assert.Equal(
            $"this model takes or answers something else than {registry.Iris}:1.0.0: new feature Petal_Area, no feature Petal_Width; "
            + "new class virginia, no class virginica; callers of 1.x would fail, so publish it as series 2.0 or higher",
            refused["message"]);
        Assert.DoesNotContain(registry.Log.Skip(before), line =>
            !line.StartsWith("GET ", StringComparison.Ordinal) && !line.StartsWith("HEAD ", StringComparison.Ordinal));
        Assert.Equal("2.0.0", (await Publisher.RunAsync(registry.Arguments(_folder.Combine("other"), series: "2.0")))["version"]);
        Assert.Equal("1.3.1", (await Publisher.RunAsync(registry.Arguments(_folder.Combine("model"), series: "1.3")))["version"]);
        Assert.Equal(registry.Base, (await ManifestAsync(registry, "1.3.0")).Digest);
    }

    private static Task<Manifest> ManifestAsync(RegistryWithBase registry, string version) =>
        registry.Client.GetManifestAsync(registry.Iris.With(Tag.Parse(version)), Stop);

    private static Descriptor ConfigOf(Manifest manifest)
    {
        var config = JsonNode.Parse(manifest.Bytes.Span)!["config"]!;
        return new Descriptor((string)config["mediaType"]!, Digest.Parse((string)config["digest"]!), (long)config["size"]!);
    }

    // Writes the last layer's files, and returns the config's environment.
    private static async Task<Dictionary<string, string>> UnpackAsync(RegistryWithBase registry, string version, string root)
    {
        var manifest = await ManifestAsync(registry, version);
        var config = JsonNode.Parse(await registry.Client.ReadBlobAsync(registry.Iris, ConfigOf(manifest), Stop))!;
        Assert.Equal("1970-01-01T00:00:00Z", (string?)config["created"]);
        var layer = JsonNode.Parse(manifest.Bytes.Span)!["layers"]!.AsArray()[^1]!;
        var descriptor = new Descriptor((string)layer["mediaType"]!, Digest.Parse((string)layer["digest"]!), (long)layer["size"]!);
        await using var blob = await registry.Client.OpenBlobAsync(registry.Iris, descriptor, Stop);
        await using var tar = new TarReader(blob);
        var names = new List<string>();
        Directory.CreateDirectory(Path.Combine(root, "model"));
        while (await tar.GetNextEntryAsync(copyData: false, Stop) is { } entry)
        {
            names.Add(entry.Name);
            await entry.ExtractToFileAsync(Path.Combine(root, entry.Name), overwrite: false, Stop);
        }

        Assert.Equal(["model/manifest.json", "model/model.json", "model/model.txt", "model/report.json"], names);
        return config["config"]!["Env"]!.AsArray()
            .Select(entry => ((string)entry!).Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1]);
    }
}
