namespace IrisOperator.Kube.Runtime;

/// <summary>The answer of a health endpoint.</summary>
/// <param name="IsHealthy">200 or 503.</param>
/// <param name="Message">What is wrong, or <c>ok</c>.</param>
public readonly record struct HealthReport(bool IsHealthy, string Message);
