namespace IrisOperator.Operator.Planning;

/// <summary>What became of a plan.</summary>
/// <param name="Owner">As the server has it now.</param>
/// <param name="Refusal">Set when the server refused a child: nothing after that step was written.</param>
/// <param name="IsStale">True when the plan rested on an old view and was dropped.</param>
public sealed record PlanOutcome<T>(T Owner, Refusal? Refusal = null, bool IsStale = false)
    where T : class, IKubernetesObject<V1ObjectMeta>;
