using System.Text.Json;
using System.Text.Json.Nodes;

namespace IrisOperator.Operator.Reconciliation;

/// <summary>The only writer: steps in order, then the status if it differs, then events.</summary>
/// <remarks>
/// Guarantees: a status is written only after every step succeeded and only onto the version it was decided on; creates and deletes
/// happen only after a live read of the owner confirmed that version.
/// Errors: conflicts end as a stale outcome; what the server has against a child ends as a rejection; the rest is thrown and tried again.
/// </remarks>
public sealed partial class PlanExecutor(IKubeClient client, EventRecorder events, ILogger<PlanExecutor> logger)
{
    public async Task<PlanOutcome<T>> ExecuteAsync<T>(T observed, Plan<T> plan, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        if (plan.Steps.Any(step => step.NeedsFreshOwner) && !await IsFreshAsync(observed, cancellationToken))
        {
            LogStale(plan.Rule, observed.Key());
            return new PlanOutcome<T>(observed, IsStale: true);
        }

        foreach (var step in plan.Steps)
        {
            LogStep(step.Action, observed.Key(), plan.Rule);
            if (await TryAsync(step, observed, cancellationToken) is { } rejection)
            {
                LogRejected(step.Action, observed.Key(), rejection.Reason, rejection.Message);
                return new PlanOutcome<T>(observed, rejection);
            }
        }

        var outcome = await WriteStatusAsync(observed, plan, cancellationToken);
        foreach (var note in outcome.IsStale ? [] : plan.Events)
        {
            LogEvent(Kind<T>.Definition.Kind, observed.Key(), note.Reason, note.Note);
            events.Publish(observed, note);
        }

        return outcome;
    }

    private async Task<Problem?> TryAsync(PlanStep step, IKubernetesObject<V1ObjectMeta> owner, CancellationToken cancellationToken)
    {
        try
        {
            await step.ExecuteAsync(client, owner, cancellationToken);
            return null;
        }
        catch (RejectedByServerException error)
        {
            return error.Problem;
        }
        catch (KubeApiException error) when (ApiRejection.From(error, step) is { } rejection)
        {
            return rejection;
        }
    }

    private async Task<bool> IsFreshAsync<T>(T observed, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var live = await client.GetMetadataAsync<T>(observed.Key(), cancellationToken);
        return live?.Metadata is { } metadata
            && metadata.Uid == observed.Metadata.Uid
            && metadata.ResourceVersion == observed.Metadata.ResourceVersion;
    }

    private async Task<PlanOutcome<T>> WriteStatusAsync<T>(T observed, Plan<T> plan, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        if (MergeDiff.Between(StatusOf(observed), StatusOf(plan.Wanted) ?? []) is not { } diff)
        {
            return new PlanOutcome<T>(observed);
        }

        var patch = new JsonObject
        {
            // The precondition: a plan made from an old view must not overwrite what was decided since.
            ["metadata"] = new JsonObject { ["resourceVersion"] = observed.Metadata.ResourceVersion },
            ["status"] = diff,
        };
        LogStatus(observed.Key(), plan.Rule);
        try
        {
            var options = new PatchOptions { FieldManager = FieldManager.Name };
            return new PlanOutcome<T>(await client.PatchStatusAsync<T>(observed.Key(), patch, options, cancellationToken));
        }
        catch (KubeApiException error) when (error.IsConflict || error.IsNotFound)
        {
            LogStale(plan.Rule, observed.Key());
            return new PlanOutcome<T>(observed, IsStale: true);
        }
    }

    private static JsonObject? StatusOf<T>(T obj)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        JsonSerializer.SerializeToNode(obj, Kind<T>.JsonTypeInfo)?["status"] as JsonObject;

    [LoggerMessage(1, LogLevel.Information, "Writing child: {Action} for {Key}, rule {Rule}")]
    private partial void LogStep(string action, ObjectKey key, string rule);

    [LoggerMessage(2, LogLevel.Debug, "Writing status of {Key}, rule {Rule}")]
    private partial void LogStatus(ObjectKey key, string rule);

    [LoggerMessage(3, LogLevel.Debug, "Dropping the plan of rule {Rule} for {Key}: the view was stale")]
    private partial void LogStale(string rule, ObjectKey key);

    [LoggerMessage(4, LogLevel.Warning, "Child rejected by the server: {Action} for {Key}: {Reason}: {Reply}")]
    private partial void LogRejected(string action, ObjectKey key, string reason, string reply);

    [LoggerMessage(5, LogLevel.Information, "{Kind} {Key}: {Reason}: {Text}")]
    private partial void LogEvent(string kind, ObjectKey key, string reason, string text);
}

/// <summary>The JSON merge patch (RFC 7386) that turns one object into another.</summary>
public static class MergeDiff
{
    /// <returns>Null when there is nothing to change.</returns>
    public static JsonObject? Between(JsonObject? from, JsonObject to)
    {
        var patch = new JsonObject();
        foreach (var (name, wanted) in to)
        {
            var observed = from?[name];
            if (JsonNode.DeepEquals(observed, wanted))
            {
                continue;
            }

            patch[name] = observed is JsonObject before && wanted is JsonObject after ? Between(before, after) : wanted?.DeepClone();
        }

        foreach (var (name, _) in from ?? [])
        {
            if (!to.ContainsKey(name))
            {
                patch[name] = null;
            }
        }

        return patch.Count == 0 ? null : patch;
    }
}
