namespace IrisOperator.Operator.Status;

/// <summary>Events are for changes: one when the reason of Ready becomes another.</summary>
public static class Transitions
{
    public static IReadOnlyList<EventNote> EventsFor(IReadOnlyList<V1Condition>? previous, Situation situation, string rule)
    {
        var before = previous?.FirstOrDefault(condition => condition.Type == ConditionTypes.Ready);
        if (before?.Reason == situation.Reason || (before is null && situation.Phase == Phase.Reconciling))
        {
            return [];
        }

        return [new EventNote(situation.Reason, situation.Message, rule, IsWarning: situation.Phase == Phase.Stalled)];
    }
}
