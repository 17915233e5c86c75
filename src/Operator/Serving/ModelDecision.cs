namespace IrisOperator.Operator.Serving;

/// <summary>What a rule says: writes to children, what the wanted pods serve, and how things stand.</summary>
internal sealed record ModelDecision(Situation Situation)
{
    public IReadOnlyList<PlanStep> Steps { get; init; } = [];

    /// <summary>Null leaves image and model of the status as they are: what was served goes on being served.</summary>
    public Resolution? Resolved { get; init; }

    /// <summary>What is being tried, where <see cref="Resolved"/> is set; null ends a trial.</summary>
    public CanaryStatus? Canary { get; init; }

    /// <summary>An image that failed here and now.</summary>
    public RejectedVersion? Rejects { get; init; }

    /// <summary>True when the status opens the way for another plan at once.</summary>
    public bool GoOn { get; init; }

    public TimeSpan? RequeueAfter { get; init; }
}
