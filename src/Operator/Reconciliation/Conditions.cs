namespace IrisOperator.Operator.Reconciliation;

/// <summary>How a resource stands, from which the conditions Ready, Reconciling, Stalled and Suspended follow.</summary>
public enum Readiness
{
    /// <summary>As the spec wants it.</summary>
    Ready,

    /// <summary>As the spec wants it, while something newer is tried beside it: Ready and Reconciling.</summary>
    ReadyAndChanging,

    /// <summary>On the way.</summary>
    Reconciling,

    /// <summary>Waiting for something that the user may be about to create: Reconciling at first, Stalled after a grace.</summary>
    Waiting,

    /// <summary>Nothing will change until the user acts.</summary>
    Stalled,

    /// <summary>Stopped by the spec before it was as the spec wants it.</summary>
    Suspended,
}

/// <summary>What one line of <c>kubectl get</c> says.</summary>
/// <param name="Reason">CamelCase; the same word in condition and event.</param>
/// <param name="Message">A sentence for the user: what is, why, and which field or object it is about.</param>
public sealed record ReadyStatus(Readiness Readiness, string Reason, string Message)
{
    private static readonly TimeSpan _grace = TimeSpan.FromSeconds(5);

    /// <summary>Something is in the way: Stalled where the user has to act, else Reconciling, because time may help.</summary>
    public static ReadyStatus Blocked(Problem problem, string? message = null) =>
        new(problem.RequiresUserAction ? Readiness.Stalled : Readiness.Reconciling, problem.Reason, message ?? problem.Message);

    /// <summary>Something is missing: Stalled after a grace where the user has to bring it, else Reconciling.</summary>
    public static ReadyStatus Awaiting(Problem problem, string message) =>
        new(problem.RequiresUserAction ? Readiness.Waiting : Readiness.Reconciling, problem.Reason, message);

    /// <summary>
    /// Resources that are applied together come one after the other; what is still missing after that waits for the user.
    /// </summary>
    /// <param name="generation">Of the resource; a new one gets a new grace.</param>
    /// <returns>How long the grace still lasts, where that is what counts.</returns>
    public (ReadyStatus Ready, TimeSpan? Left) AfterGrace(IReadOnlyList<V1Condition>? before, long? generation, DateTimeOffset now)
    {
        if (Readiness != Readiness.Waiting)
        {
            return (this, null);
        }

        var since = before.Find(ConditionTypes.Reconciling)?.LastTransitionTime ?? now;
        var left = since + _grace - now;
        return left <= TimeSpan.Zero || before.Find(ConditionTypes.Stalled)?.ObservedGeneration == generation
            ? (this with { Readiness = Readiness.Stalled }, null)
            : (this with { Readiness = Readiness.Reconciling }, left);
    }

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
        var before = previous.Find(type);
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
        if (previous.Find(type) is not { Reason: { } reason, Message: { } message } before)
        {
            return false;
        }

        Set(type, before.Status switch { "True" => true, "False" => false, _ => null }, reason, message);
        return true;
    }

    /// <summary>For what is abnormal: the condition is there only while it is true (kstatus).</summary>
    public ConditionList SetWhile(bool isTrue, string type, string reason, string message) =>
        isTrue ? Set(type, true, reason, message) : this;

    /// <summary>The conditions that every kind has. Reconciling and Stalled are never both there.</summary>
    public ConditionList SetCommon(ReadyStatus ready, bool suspended)
    {
        var (readiness, reason, message) = ready;
        return Set(ConditionTypes.Ready, readiness is Readiness.Ready or Readiness.ReadyAndChanging, reason, message)
            .SetWhile(readiness is Readiness.Reconciling or Readiness.ReadyAndChanging, ConditionTypes.Reconciling, reason, message)
            .SetWhile(readiness == Readiness.Stalled, ConditionTypes.Stalled, reason, message)
            .SetWhile(suspended, ConditionTypes.Suspended, Reasons.SuspendedBySpec, "spec.suspend is true");
    }

    /// <summary>Adds what was said before of the kind's own conditions, unchanged.</summary>
    public ConditionList KeepOthers()
    {
        string[] common = [ConditionTypes.Ready, ConditionTypes.Reconciling, ConditionTypes.Stalled, ConditionTypes.Suspended];
        _conditions.AddRange((previous ?? []).Where(condition => !common.Contains(condition.Type)));
        return this;
    }

    public IReadOnlyList<V1Condition> ToList() => _conditions;
}

/// <summary>
/// Events are for changes: one when the reason of Ready becomes another, and one when nothing goes on by itself any more.
/// </summary>
public static class Transitions
{
    public static IReadOnlyList<EventNote> EventsFor(IReadOnlyList<V1Condition>? previous, ReadyStatus ready, string rule)
    {
        var before = previous.Find(ConditionTypes.Ready);
        var isStalled = ready.Readiness == Readiness.Stalled;
        var isNews = before?.Reason != ready.Reason ? before is not null || ready.Readiness != Readiness.Reconciling
            : isStalled && previous.Find(ConditionTypes.Stalled) is null;
        return isNews ? [new EventNote(ready.Reason, ready.Message, rule, IsWarning: isStalled)] : [];
    }

    /// <returns>Null where there is no such condition.</returns>
    public static V1Condition? Find(this IReadOnlyList<V1Condition>? conditions, string type) =>
        conditions?.FirstOrDefault(condition => condition.Type == type);
}
