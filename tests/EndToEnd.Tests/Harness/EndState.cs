using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace IrisOperator.EndToEnd.Tests.Harness;

/// <summary>
/// What a namespace has come to, without what differs between two namespaces that went the same way: times, uids, addresses,
/// the names of jobs (they hash the owner's uid). Two of them are compared as text, so that a failure shows the difference.
/// </summary>
public static partial class EndState
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static async Task<string> CaptureAsync(TestNamespace space)
    {
        var state = new JsonObject
        {
            ["trainings"] = await SelectAsync(space, Resource.Trainings, "spec", "status"),
            ["models"] = await SelectAsync(space, Resource.Models, "spec", "status"),
            ["deployments"] = await SelectAsync(
                space, Resource.Deployments,
                "spec", "metadata/labels", "metadata/ownerReferences", "status/readyReplicas", "status/replicas"),
            ["services"] = await SelectAsync(
                space, Resource.Services, "spec/ports", "spec/selector", "metadata/labels", "metadata/ownerReferences"),
            ["jobs"] = await SelectAsync(space, Resource.Jobs, "spec/template/spec", "metadata/ownerReferences", "status/succeeded"),
            ["claims"] = await SelectAsync(
                space, Resource.Claims, "spec/resources", "spec/accessModes", "metadata/labels", "metadata/ownerReferences"),
        };
        return Neutral(space, state.ToJsonString(Indented));
    }

    // The inputs' hash and the revision of the pod template follow from the job's name or the uid.
    private static string Neutral(TestNamespace space, string text)
    {
        text = text.Replace(space.Name, "NAMESPACE", StringComparison.Ordinal);
        text = Times().Replace(text, "TIME");
        text = Uids().Replace(text, "UID");
        return HashedNames().Replace(text, "-HASH");
    }

    private static async Task<JsonArray> SelectAsync(TestNamespace space, Resource resource, params string[] paths)
    {
        var objects = await space.ListAsync(resource);
        return
        [
            .. objects
                .Where(found => found.At("metadata/deletionTimestamp") is null)
                .Select(found => Select(HashedNames().Replace(found.NameOf(), "-HASH"), found, paths))
                // By content, since a job's name says nothing that two namespaces have in common.
                .OrderBy(selected => Neutral(space, selected.ToJsonString()), StringComparer.Ordinal),
        ];
    }

    private static JsonObject Select(string name, JsonObject found, string[] paths)
    {
        var selected = new JsonObject { ["name"] = name };
        foreach (var path in paths)
        {
            selected[path] = found.At(path)?.DeepClone();
        }

        if (selected["spec"] is JsonObject spec)
        {
            Drop(spec.At("template/metadata/labels"), "iris-operator.dev/revision");
        }

        return selected;
    }

    private static void Drop(JsonNode? node, string name) => (node as JsonObject)?.Remove(name);

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")]
    private static partial Regex Times();

    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
    private static partial Regex Uids();

    [GeneratedRegex("-[0-9a-f]{10}(?![0-9a-f])")]
    private static partial Regex HashedNames();
}
