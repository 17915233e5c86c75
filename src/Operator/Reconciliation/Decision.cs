namespace IrisOperator.Operator.Reconciliation;

/// <summary>What a rule of any kind says: how things stand, and what is to be written beside the status.</summary>
public abstract record Decision(ReadyStatus Ready)
{
    public IReadOnlyList<PlanStep> Steps { get; init; } = [];

    /// <summary>Beside the event for another reason of Ready.</summary>
    public IReadOnlyList<EventNote> Events { get; init; } = [];

    public TimeSpan? RequeueAfter { get; init; }

    /// <summary>True when the status opens the way for another plan at once.</summary>
    public bool ContinueImmediately { get; init; }
}

/// <summary>The rules of a kind, top down: the first that does not answer null decides.</summary>
public sealed class RuleList<TContext, TDecision>(params (string Name, Func<TContext, TDecision?> Decide)[] rules)
    where TDecision : Decision
{
    private const string Deleting = "Deleting";

    internal IEnumerable<string?> Names => rules.Select(rule => rule.Name).Append(Deleting);

    /// <param name="withStatus">The owner with the status that follows from a decision.</param>
    /// <param name="conditions">Those that the owner has.</param>
    public Plan<T> Decide<T>(
        T owner, IReadOnlyList<V1Condition>? conditions, TContext context, DateTimeOffset now, Func<TDecision, T> withStatus)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        if (owner.Metadata.DeletionTimestamp is not null)
        {
            return new Plan<T> { Rule = Deleting, Wanted = owner };
        }

        var (name, said) = rules.Select(rule => (rule.Name, Decision: rule.Decide(context))).First(rule => rule.Decision is not null);
        var (ready, grace) = said!.Ready.AfterGrace(conditions, owner.Metadata.Generation, now);
        var decision = (TDecision)((Decision)said with { Ready = ready });
        return new Plan<T>
        {
            Rule = name,
            Steps = decision.Steps,
            Wanted = withStatus(decision),
            Events = [.. grace is null ? Transitions.EventsFor(conditions, ready, name) : [], .. decision.Events],
            RequeueAfter = grace < decision.RequeueAfter || decision.RequeueAfter is null ? grace : decision.RequeueAfter,
            ContinueImmediately = decision.ContinueImmediately,
        };
    }
}

/// <summary>The plan of an owner about which nothing can be decided.</summary>
public static class FailurePlan
{
    /// <summary>Says how things stand where nothing else of the status can be computed: the rest stays as it was.</summary>
    /// <param name="previous">The owner's conditions.</param>
    /// <param name="withConditions">The owner with conditions, and with the generation that they belong to.</param>
    public static Plan<T> Create<T>(
        T owner, IReadOnlyList<V1Condition>? previous, bool isSuspended, ReadyStatus ready, DateTimeOffset now,
        Func<IReadOnlyList<V1Condition>, T> withConditions)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var conditions = new ConditionList(previous, owner.Metadata.Generation, now).SetCommon(ready, isSuspended).KeepOthers();
        return new Plan<T>
        {
            Rule = ready.Reason,
            Wanted = withConditions(conditions.ToList()),
            Events = Transitions.EventsFor(previous, ready, ready.Reason),
        };
    }
}
