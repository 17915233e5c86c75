namespace IrisOperator.Operator.Status;

/// <summary>What one line of <c>kubectl get</c> says.</summary>
/// <param name="Phase">Decides the conditions.</param>
/// <param name="Reason">CamelCase; the same word in condition and event.</param>
/// <param name="Message">A sentence for the user: what is, why, and which field or object it is about.</param>
public sealed record Situation(Phase Phase, string Reason, string Message);
