namespace IrisOperator.Operator.Reconciliation;

/// <summary>Everything one pass wants written, in order: steps, then the status, then events.</summary>
public sealed record Plan<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>The rule that made the plan.</summary>
    public required string Rule { get; init; }

    public IReadOnlyList<PlanStep> Steps { get; init; } = [];

    /// <summary>
    /// The owner as seen but for its status. The status is written after every step has succeeded, and only if it differs.
    /// </summary>
    public required T Wanted { get; init; }

    public IReadOnlyList<EventNote> Events { get; init; } = [];

    public TimeSpan? RequeueAfter { get; init; }

    /// <summary>True when the status opens the way for another plan at once, without waiting for the cache.</summary>
    public bool ContinueImmediately { get; init; }
}

/// <summary>One write to a child. Steps are values: a plan can be compared, printed and thrown away.</summary>
public abstract record PlanStep
{
    /// <summary>CamelCase verb and kind, such as CreateJob.</summary>
    public abstract string Action { get; }

    /// <summary>
    /// True for what must not happen twice or too late. The cache may be older than our own last write, so the executor reads the
    /// owner live first and drops the plan when its version is not the one that was decided on.
    /// </summary>
    public abstract bool NeedsFreshOwner { get; }

    internal abstract Task ExecuteAsync(
        IKubeClient client, IKubernetesObject<V1ObjectMeta> owner, CancellationToken cancellationToken);
}

/// <summary>What became of a plan.</summary>
/// <param name="Owner">As the server has it now.</param>
/// <param name="Rejection">Set when the server rejected a child: nothing after that step was written.</param>
/// <param name="IsStale">True when the plan rested on an old view and was dropped.</param>
public sealed record PlanOutcome<T>(T Owner, Problem? Rejection = null, bool IsStale = false)
    where T : class, IKubernetesObject<V1ObjectMeta>;

/// <summary>What stands in the way, in the words of the server, the scheduler, kubelet or a registry.</summary>
/// <param name="Reason">CamelCase, for conditions.</param>
/// <param name="Message">Stable while nothing changes: no counters, no times, no pod names.</param>
/// <param name="RequiresUserAction">True where waiting is not likely to help.</param>
public sealed record Problem(string Reason, string Message, bool RequiresUserAction)
{
    /// <summary>True when it was seen more than once, or would be the same each time: the image is at fault, not the moment.</summary>
    public bool IsPersistent { get; init; }
}

/// <summary>Why the API server did not take a child.</summary>
public static class ApiRejection
{
    /// <summary>When to try again: no event tells that the server has changed its mind.</summary>
    public static readonly TimeSpan Retry = TimeSpan.FromSeconds(15);

    /// <returns>
    /// Null for what is no verdict on the child: a namespace that is being deleted, and what is tried again (conflicts, throttling,
    /// failures of the server).
    /// </returns>
    public static Problem? From(KubeApiException error, PlanStep step)
    {
        var message = $"{step.Action}: {error.Status.Message ?? error.Message}";
        return error switch
        {
            { IsNamespaceTerminating: true } => null,
            { IsForbidden: true } when message.Contains(KubernetesReasons.ExceededQuota, StringComparison.Ordinal) =>
                new(Reasons.QuotaExceeded, message, true),
            { IsForbidden: true } => new(Reasons.Forbidden, message, true),
            { IsInvalid: true } or { IsBadRequest: true } => new(Reasons.ChildInvalid, message, true),
            _ => null,
        };
    }

    public static Problem NameConflict(IKubernetesObject<V1ObjectMeta> found, IKubernetesObject<V1ObjectMeta> owner)
    {
        var holder = found.GetController() is { } controller
            ? $"belongs to {controller.Kind} {controller.Name}"
            : "was made by somebody else";
        return SameName(found, owner)
            ? new(Reasons.WaitingForDeletion, $"{found.Kind} {found.Metadata.Name} of the deleted predecessor is still there", false)
            : new(
                Reasons.NameConflict,
                $"{found.Kind} {found.Metadata.Name} {holder}; it is left alone: delete it, or choose another metadata.name",
                true);
    }

    private static bool SameName(IKubernetesObject<V1ObjectMeta> found, IKubernetesObject<V1ObjectMeta> owner) =>
        found.GetController() is { } controller && controller.Kind == owner.Kind && controller.Name == owner.Metadata.Name;
}

/// <summary>Carries a rejection out of a step.</summary>
internal sealed class RejectedByServerException(Problem problem, Exception cause) : Exception(problem.Message, cause)
{
    public Problem Problem { get; } = problem;
}
