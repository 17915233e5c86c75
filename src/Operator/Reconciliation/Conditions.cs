namespace IrisOperator.Operator.Reconciliation;

/// <summary>How a resource stands, from which the conditions Ready, Reconciling, Stalled and Suspended follow.</summary>
public enum Readiness
{
    /// <summary>As the spec wants it.</summary>
    Ready,

    /// <summary>As the spec wants it, while something newer is tried beside it: Ready and Reconciling.</summary>
    Trying,

    /// <summary>On the way, or waiting for something that is expected to come.</summary>
    Reconciling,

    /// <summary>Nothing will change until somebody acts.</summary>
    Stalled,

    /// <summary>Stopped by the spec, and not as it wants it otherwise.</summary>
    Suspended,
}

/// <summary>What one line of <c>kubectl get</c> says.</summary>
/// <param name="Reason">CamelCase; the same word in condition and event.</param>
/// <param name="Message">A sentence for the user: what is, why, and which field or object it is about.</param>
public sealed record ReadyStatus(Readiness Readiness, string Reason, string Message)
{
    /// <summary>Something is in the way: Stalled where somebody has to act, else Reconciling, because time may help.</summary>
    public static ReadyStatus Blocked(Problem problem, string? message = null) =>
        new(problem.RequiresUserAction ? Readiness.Stalled : Readiness.Reconciling, problem.Reason, message ?? problem.Message);

    /// <returns>Null where there is no error.</returns>
    public static ReadyStatus? Invalid(string reason, IReadOnlyCollection<FieldError> errors) =>
        errors.Count == 0 ? null : new(Readiness.Stalled, reason, string.Join("; ", errors));
}

/// <summary>Builds the conditions of a status. A transition time changes only with the status of its condition.</summary>
public sealed class ConditionList(IReadOnlyList<V1Condition>? previous, long? generation, DateTimeOffset now)
{
    private const int MaxMessage = 1024;
    private readonly List<V1Condition> _conditions = [];

    /// <summary>A null status is Unknown; long messages are cut. None is empty: a person reads each of them.</summary>
    public ConditionList Set(string type, bool? status, string reason, string message)
    {
        var text = status switch { true => "True", false => "False", null => "Unknown" };
        var before = previous?.FirstOrDefault(condition => condition.Type == type);
        _conditions.Add(new V1Condition
        {
            Type = type,
            Status = text,
            ObservedGeneration = generation,
            LastTransitionTime =
                before?.Status == text && before.LastTransitionTime != default ? before.LastTransitionTime : now.UtcDateTime,
            Reason = reason,
            Message = Text.Truncate(message, MaxMessage),
        });
        return this;
    }

    /// <summary>Says of a condition what was said before.</summary>
    /// <returns>False where nothing was.</returns>
    public bool TryKeep(string type)
    {
        if (previous?.FirstOrDefault(condition => condition.Type == type) is not { Reason: { } reason, Message: { } message } before)
        {
            return false;
        }

        Set(type, before.Status switch { "True" => true, "False" => false, _ => null }, reason, message);
        return true;
    }

    /// <summary>The four conditions that every kind has (kstatus: Reconciling and Stalled are never both True).</summary>
    public ConditionList SetCommon(ReadyStatus ready, bool suspended)
    {
        var (readiness, reason, message) = ready;
        var changing = readiness is Readiness.Reconciling or Readiness.Trying;
        var stalled = readiness == Readiness.Stalled;
        Set(ConditionTypes.Ready, readiness is Readiness.Ready or Readiness.Trying, reason, message);
        Set(ConditionTypes.Reconciling, changing, changing ? reason : "Settled", changing ? message : "no change is under way");
        Set(ConditionTypes.Stalled, stalled, stalled ? reason : "NotStalled", stalled ? message : "nothing waits for the user");
        return Set(
            ConditionTypes.Suspended,
            suspended,
            suspended ? "SuspendedBySpec" : "NotSuspended",
            suspended ? "spec.suspend is true" : "spec.suspend is not true");
    }

    public IReadOnlyList<V1Condition> ToList() => _conditions;
}

/// <summary>Events are for changes: one when the reason of Ready becomes another.</summary>
public static class Transitions
{
    public static IReadOnlyList<EventNote> EventsFor(IReadOnlyList<V1Condition>? previous, ReadyStatus ready, string rule)
    {
        var before = previous?.FirstOrDefault(condition => condition.Type == ConditionTypes.Ready);
        if (before?.Reason == ready.Reason || (before is null && ready.Readiness == Readiness.Reconciling))
        {
            return [];
        }

        return [new EventNote(ready.Reason, ready.Message, rule, IsWarning: ready.Readiness == Readiness.Stalled)];
    }
}
