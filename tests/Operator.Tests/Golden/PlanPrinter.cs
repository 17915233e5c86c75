using System.Text.Json;
using System.Text.Json.Nodes;
using IrisOperator.Operator.Reconciliation;

namespace IrisOperator.Operator.Tests.Golden;

/// <summary>A plan as YAML: what would be written, and nothing else.</summary>
internal static class PlanPrinter
{
    /// <param name="plan">The plan.</param>
    /// <param name="seen">The owner that it was made for.</param>
    /// <param name="withObjects">True prints the children whole, false names them.</param>
    public static string Print<T>(Plan<T> plan, T seen, bool withObjects)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var document = new JsonObject { ["rule"] = plan.Rule };
        if (plan.Steps.Count > 0)
        {
            document["steps"] = new JsonArray([.. plan.Steps.Select(step => Step(step, withObjects))]);
        }

        var (before, after) = (Status(seen), Status(plan.Wanted) ?? []);
        if (MergeDiff.Between(before, after) is { } diff)
        {
            document["status"] = Readable(diff);
        }

        if (plan.Events.Count > 0)
        {
            document["events"] = new JsonArray([.. plan.Events.Select(note =>
                $"{(note.IsWarning ? "Warning" : "Normal")} {note.Reason}: {note.Note}")]);
        }

        if (plan.RequeueAfter is { } delay)
        {
            document["requeueAfter"] = $"{delay.TotalSeconds} s";
        }

        if (plan.ContinueImmediately)
        {
            document["goOn"] = true;
        }

        return Yaml.Write(document);
    }

    private static JsonObject Step(PlanStep step, bool withObjects)
    {
        var (key, json) = step switch
        {
            CreateStep<V1Job> create => Child(create.Object),
            CreateStep<V1PersistentVolumeClaim> create => Child(create.Object),
            ApplyStep<V1Deployment> apply => Child(apply.Object),
            ApplyStep<V1Service> apply => Child(apply.Object),
            PatchStep<V1Service> patch => ($"{patch.Object.Key()} {patch.Patch.ToJsonString()}", null),
            DeleteStep<V1Deployment> delete => ($"{delete.Key} uid {delete.Uid}", null),
            DeleteStep<V1Job> delete => ($"{delete.Key} uid {delete.Uid}", null),
            _ => throw new InvalidOperationException($"no way to print {step.Action}"),
        };
        return new JsonObject { [step.Action] = withObjects && json is not null ? json : key };
    }

    private static (string, JsonNode?) Child<T>(T obj)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        (obj.Key().ToString(), JsonSerializer.SerializeToNode(obj, Kind<T>.JsonTypeInfo));

    private static JsonObject? Status<T>(T obj)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        JsonSerializer.SerializeToNode(obj, Kind<T>.JsonTypeInfo)?["status"] as JsonObject;

    // One line a condition; those that say nothing special are left out.
    private static JsonObject Readable(JsonObject diff)
    {
        var copy = diff.DeepClone().AsObject();
        if (copy["conditions"] is JsonArray conditions)
        {
            copy["conditions"] = new JsonObject(conditions
                .Select(condition => condition!.AsObject())
                .Where(condition => (string?)condition["reason"]
                    is not ("Settled" or "NotStalled" or "NotSuspended" or "NoRun" or "NoRunJudged"))
                .Select(condition => KeyValuePair.Create(
                    (string)condition["type"]!,
                    (JsonNode?)$"{condition["status"]} {condition["reason"]}: {condition["message"]}".TrimEnd(' ', ':'))));
        }

        return copy;
    }
}
