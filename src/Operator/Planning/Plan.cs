namespace IrisOperator.Operator.Planning;

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
    public bool GoOn { get; init; }
}
