using System.Text.Json.Nodes;
using IrisOperator.Kube.Crd;

namespace IrisOperator.Chart.Tests;

public sealed class ValuesTests
{
    private const string Deployment = "Deployment iris-system/iris-operator";

    [Theory]
    [InlineData("replicaCount=3", "replicaCount")]
    [InlineData("image.name=x", "name")]
    [InlineData("image.tag=latest", "/image/tag")]
    [InlineData("image.registry=", "/image/registry")]
    [InlineData("image.registry=registry.example/", "/image/registry")]
    [InlineData("image.pullPolicy=Sometimes", "/image/pullPolicy")]
    [InlineData("image.pullSecrets=one", "/image/pullSecrets")]
    [InlineData("replicas=-1", "/replicas")]
    [InlineData("replicas=two", "/replicas")]
    [InlineData("watchNamespace=Team_A", "/watchNamespace")]
    [InlineData("crds.install=perhaps", "/crds/install")]
    [InlineData("crds.keep=true", "keep")]
    [InlineData("trainer.image=registry.example/iris-trainer", "/trainer/image")]
    [InlineData("serving.image=registry.example/iris-serving:latest", "/serving/image")]
    [InlineData("resources.cpu=1", "cpu")]
    [InlineData("metrics.service=3", "/metrics/service")]
    [InlineData("log.level=loud", "/log/level")]
    [InlineData("log.format=xml", "/log/format")]
    public async Task a_wrong_value_is_refused_by_name(string value, string named)
    {
        var (exitCode, _, errors) = await Tool.TryAsync("helm", ["template", "iris", Rendering.ChartFolder, .. Rendering.Flags([value])]);

        Assert.NotEqual(0, exitCode);
        Assert.Contains(named, errors, StringComparison.Ordinal);
    }

    [Fact]
    public void schema_and_defaults_list_the_same_values()
    {
        var values = Yaml.ReadAll(Read("values.yaml"))[0];
        var schema = JsonNode.Parse(Read("values.schema.json"))!;

        Assert.Equal(
            schema["properties"]!.AsObject().Select(p => p.Key).Except(["global"]).Order(),
            values.AsObject().Select(p => p.Key).Order());
        foreach (var (name, value) in values.AsObject())
        {
            var part = schema["properties"]![name]!;
            var definition = schema["definitions"]![((string?)part["$ref"])?.Split('/')[^1] ?? "none"];
            var properties = (part["properties"] ?? definition?["properties"]) as JsonObject;
            if (value is JsonObject { Count: > 0 } defaults && properties is not null)
            {
                Assert.Equal(properties.Select(p => p.Key).Order(), defaults.Select(p => p.Key).Order());
            }
        }
    }

    [Fact]
    public async Task registry_and_tag_reach_all_three_images()
    {
        var container = Container(await Rendering.ChartAsync("image.registry=registry.example:5000/team", "image.tag=1.2.3-rc.1"));

        Assert.Equal("registry.example:5000/team/iris-operator:1.2.3-rc.1", (string?)container["image"]);
        Assert.Equal("registry.example:5000/team/iris-trainer:1.2.3-rc.1", Environment(container, "IRIS_TRAINER_IMAGE"));
        Assert.Equal("registry.example:5000/team/iris-serving:1.2.3-rc.1", Environment(container, "IRIS_SERVING_IMAGE"));
    }

    [Fact]
    public async Task trainer_and_server_may_come_from_elsewhere()
    {
        var digest = $"registry.example/own@sha256:{new string('a', 64)}";
        var container = Container(await Rendering.ChartAsync("trainer.image=registry.example/own:2.0.0", $"serving.image={digest}"));

        Assert.Equal("registry.example/own:2.0.0", Environment(container, "IRIS_TRAINER_IMAGE"));
        Assert.Equal(digest, Environment(container, "IRIS_SERVING_IMAGE"));
    }

    [Fact]
    public async Task scheduling_and_pull_secrets_reach_the_pod()
    {
        var objects = await Rendering.ChartAsync(
            "nodeSelector.zone=a", "tolerations[0].key=only", "tolerations[0].operator=Exists",
            "image.pullSecrets={one,two}", "replicas=1");
        var pod = objects[Deployment]["spec"]!["template"]!["spec"]!;

        Assert.Equal("a", (string?)pod["nodeSelector"]!["zone"]);
        Assert.Equal("only", (string?)pod["tolerations"]![0]!["key"]);
        Assert.Equal(["one", "two"], pod["imagePullSecrets"]!.AsArray().Select(secret => (string?)secret!["name"]));
        Assert.Equal(1, (long?)objects[Deployment]["spec"]!["replicas"]);
    }

    [Fact]
    public async Task images_of_a_registry_with_a_password_can_be_pulled_by_the_pods_of_trainings_and_models_too()
    {
        var container = Container(await Rendering.ChartAsync("image.pullSecrets={one,two}"));

        Assert.Contains("--image-pull-secrets=one,two", container["args"]!.AsArray().Select(argument => (string?)argument));
    }

    [Fact]
    public async Task user_ids_can_be_left_to_the_platform()
    {
        var objects = await Rendering.ChartAsync("platformUserIds=true");

        Assert.Contains("--platform-user-ids", Container(objects)["args"]!.AsArray().Select(argument => (string?)argument));
        Assert.All(
            objects.Values.Where(found => found["spec"]?["template"] is not null || (string?)found["kind"] == "Pod"),
            found => Assert.DoesNotContain("runAsUser", found.ToJsonString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task registries_become_arguments_and_files_that_may_be_missing()
    {
        var objects = await Rendering.ChartAsync(
            "registries.named={registry.example:5000,other.example}", "registries.insecure={10.0.0.1:5000}", "registries.onlyNamed=true",
            "registries.tokenServices={auth.registry.example,gitlab.com}",
            "registries.credentialsSecret=login", "registries.caConfigMap=house", "registries.eventsSecret=word");
        var pod = objects[Deployment]["spec"]!["template"]!["spec"]!;
        var container = Container(objects);

        Assert.Equal(
            [
                "--registries=registry.example:5000,other.example", "--insecure-registries=10.0.0.1:5000",
                "--token-services=auth.registry.example,gitlab.com", "--only-named-registries",
                "--registry-config=/registry/credentials/.dockerconfigjson", "--registry-ca=/registry/ca/ca.crt",
                "--registry-events-secret=/registry/events/token",
            ],
            container["args"]!.AsArray()
                .Select(argument => (string?)argument)
                .Where(argument => argument!.Contains("regist", StringComparison.Ordinal)));
        Assert.Equal(
            ["/registry/credentials", "/registry/ca", "/registry/events"],
            container["volumeMounts"]!.AsArray().Select(mount => (string?)mount!["mountPath"]));
        Assert.All(container["volumeMounts"]!.AsArray(), mount => Assert.True((bool?)mount!["readOnly"]));
        // A secret that somebody deletes must not keep the operator from starting: it says what is missing.
        Assert.Equal(
            [("login", true), ("house", true), ("word", true)],
            pod["volumes"]!.AsArray()
                .Select(volume => volume!["secret"] ?? volume["configMap"])
                .Select(source => ((string?)(source!["secretName"] ?? source["name"]), (bool?)source["optional"] == true)));
    }

    [Fact]
    public async Task notifications_have_a_service_though_metrics_have_none()
    {
        var objects = await Rendering.ChartAsync("metrics.service=false", "registries.eventsSecret=word");

        Assert.Null(objects["Service iris-system/iris-operator"]["metadata"]!["annotations"]);
    }

    [Fact]
    public async Task level_and_format_of_the_log_become_arguments()
    {
        var container = Container(await Rendering.ChartAsync("log.level=debug", "log.format=text"));

        Assert.Equal(
            ["--leader-elect", "--log-level=debug", "--log-format=text"],
            container["args"]!.AsArray().Select(argument => (string?)argument));
    }

    [Fact]
    public async Task kinds_and_service_can_be_left_out()
    {
        var objects = await Rendering.ChartAsync("crds.install=false", "metrics.service=false");

        Assert.DoesNotContain(objects.Keys, key => key.StartsWith("CustomResourceDefinition", StringComparison.Ordinal));
        Assert.DoesNotContain(objects.Keys, key => key.StartsWith("Service ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task the_chart_lints_without_a_warning()
    {
        await Tool.RunAsync("helm", "lint", "--strict", Rendering.ChartFolder);
    }

    [Fact]
    public async Task notes_say_what_to_do_next()
    {
        var output = await Tool.RunAsync(
            "helm", "install", "mine", Rendering.ChartFolder, "--namespace", "here", "--dry-run=client", "--set", "watchNamespace=team");

        Assert.Contains("helm --namespace here test mine", output, StringComparison.Ordinal);
        Assert.Contains("kubectl --namespace team get irt,irm", output, StringComparison.Ordinal);
    }

    private static JsonNode Container(SortedDictionary<string, JsonNode> objects) =>
        objects[Deployment]["spec"]!["template"]!["spec"]!["containers"]![0]!;

    private static string? Environment(JsonNode container, string name) =>
        (string?)container["env"]!.AsArray().Single(variable => (string?)variable!["name"] == name)!["value"];

    private static string Read(string name) => File.ReadAllText(Path.Combine(Rendering.ChartFolder, name));
}
