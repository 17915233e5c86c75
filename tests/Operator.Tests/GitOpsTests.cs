using System.Text.Json;
using System.Text.Json.Nodes;
using IrisOperator.Operator.Api.V1Alpha1;
using IrisOperator.Operator.Serving;
using IrisOperator.Operator.Tests.Golden;
using IrisOperator.Operator.Training;
using IrisOperator.Testing;
using NLua;

namespace IrisOperator.Operator.Tests;

/// <summary>Each golden story as kubectl wait, kstatus and Argo CD read it: the table and the script of docs/gitops.md.</summary>
public sealed class GitOpsTests : IDisposable
{
    private static readonly (string Kstatus, string ArgoCd, bool WaitReturns)[] Agreed =
    [
        ("Current", "Healthy", true),
        ("InProgress", "Progressing", true),
        ("InProgress", "Progressing", false),
        ("InProgress", "Suspended", false),
        ("Failed", "Degraded", false),
    ];

    private static readonly string[] Abnormal = [ConditionTypes.Reconciling, ConditionTypes.Stalled, ConditionTypes.Suspended];

    private static readonly (string Story, JsonObject Resource)[] Told = [.. Stories()];

    private static readonly string Script = File.ReadAllText(Path.Combine(Repository.Root, "docs", "gitops.md"))
        .Split("```lua\n")[1].Split("```")[0];

    private readonly Lua _argoCd = new();

    public void Dispose() => _argoCd.Dispose();

    [Fact]
    public void kubectl_wait_kstatus_and_Argo_CD_agree_on_every_story() => Assert.Empty(
        from told in Told
        let read = Read(told.Resource)
        where !Agreed.Contains(read)
        select $"{told.Story}: {read}");

    [Fact]
    public void a_story_is_in_progress_current_or_failed()
    {
        var read = Told.Select(told => Read(told.Resource)).ToHashSet();

        Assert.Equal(Agreed.Order(), read.Order());
    }

    [Fact]
    public void a_status_of_an_older_generation_is_in_progress()
    {
        var resource = Told.First(told => Kstatus(told.Resource) == "Current").Resource.DeepClone().AsObject();
        resource["metadata"]!["generation"] = 2L;

        Assert.Equal(("InProgress", "Progressing", false), Read(resource));
    }

    [Fact]
    public void abnormal_conditions_are_there_only_while_true() => Assert.Empty(
        from told in Told
        from condition in Conditions(told.Resource)
        where Abnormal.Contains((string?)condition["type"]) && (string?)condition["status"] != "True"
        select $"{told.Story}: {condition["type"]}={condition["status"]}");

    [Fact]
    public void every_condition_is_about_the_generation() => Assert.Empty(
        from told in Told
        from condition in Conditions(told.Resource)
        where (long?)condition["observedGeneration"] != (long?)told.Resource["metadata"]!["generation"]
        select $"{told.Story}: {condition["type"]}");

    private (string Kstatus, string ArgoCd, bool WaitReturns) Read(JsonObject resource) =>
        (Kstatus(resource), ArgoCd(resource), !IsBehind(resource) && Is(resource, ConditionTypes.Ready));

    // The rules that kstatus has for kinds it does not know.
    private static string Kstatus(JsonObject resource) => resource switch
    {
        _ when IsBehind(resource) || Is(resource, ConditionTypes.Reconciling) => "InProgress",
        _ when Is(resource, ConditionTypes.Stalled) => "Failed",
        _ => Is(resource, ConditionTypes.Ready) ? "Current" : "InProgress",
    };

    private string ArgoCd(JsonObject resource)
    {
        _argoCd.DoString($"obj = {Literal(resource)}");
        using var health = (LuaTable)_argoCd.DoString(Script)[0];
        return (string)health["status"];
    }

    private static bool IsBehind(JsonObject resource) =>
        (long?)resource["status"]!["observedGeneration"] != (long?)resource["metadata"]!["generation"];

    private static bool Is(JsonObject resource, string type) =>
        Conditions(resource).Any(condition => (string?)condition["type"] == type && (string?)condition["status"] == "True");

    private static IEnumerable<JsonObject> Conditions(JsonObject resource) =>
        resource["status"]!["conditions"]!.AsArray().Select(condition => condition!.AsObject());

    private static string Literal(JsonNode? node) => node switch
    {
        null => "nil",
        JsonObject map => $"{{{string.Join(',', map.Select(entry => $"[ {Quote(entry.Key)} ]={Literal(entry.Value)}"))}}}",
        JsonArray list => $"{{{string.Join(',', list.Select(Literal))}}}",
        JsonValue value when value.TryGetValue<string>(out var text) => Quote(text),
        _ => node.ToJsonString(),
    };

    private static string Quote(string text) => $"[==[{text}]==]";

    private static IEnumerable<(string Story, JsonObject Resource)> Stories() =>
        Decide("Training", seen => TrainingDecider.Decide(Scene.Training(seen), Scene.Options, Scene.Now).Wanted)
            .Concat(Decide("Model", seen => ModelDecider.Decide(Scene.Model(seen), Scene.Options, Scene.Now).Wanted));

    // What is being deleted is nobody's to wait for.
    private static IEnumerable<(string Story, JsonObject Resource)> Decide<T>(string kind, Func<JsonObject, T> decide)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        from folder in Directory.GetDirectories(Path.Combine(Repository.Root, "tests", "Operator.Tests", "Stories", kind))
        let wanted = decide(Yaml.Read(File.ReadAllText(Path.Combine(folder, "seen.yaml"))))
        where wanted.Metadata.DeletionTimestamp is null
        select ($"{kind}/{Path.GetFileName(folder)}", JsonSerializer.SerializeToNode(wanted, Kind<T>.JsonTypeInfo)!.AsObject());
}
