namespace IrisOperator.Operator.Images;

/// <summary>An object that follows a repository.</summary>
/// <param name="Kind">IrisModel or IrisTraining.</param>
/// <param name="Key">Gets a pass when something changes.</param>
/// <param name="Versions">Ranges and exact versions, all valid.</param>
/// <param name="Interval">Between looks.</param>
public sealed record Follower(string Kind, ObjectKey Key, IReadOnlyList<string> Versions, TimeSpan Interval);
