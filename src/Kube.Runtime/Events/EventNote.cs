namespace IrisOperator.Kube.Runtime.Events;

/// <summary>What to tell the user about an object.</summary>
/// <param name="Reason">CamelCase, the same word as the condition's reason.</param>
/// <param name="Note">A sentence; cut at 1024 bytes, the server's limit.</param>
/// <param name="Action">CamelCase: what the operator did or tried, for example <c>CreateJob</c>.</param>
/// <param name="IsWarning">Normal or Warning.</param>
public readonly record struct EventNote(string Reason, string Note, string Action, bool IsWarning = false);
