namespace IrisOperator.Registry.Pruning;

/// <summary>What became of a repository.</summary>
/// <param name="Removed">Tags that are gone; of a dry run, those that would be.</param>
/// <param name="InUse">Versions that are old enough to go and stay.</param>
/// <param name="Left">How many more could go and were left for the next time.</param>
/// <param name="Problem">Why it ended before its time; null where it did not.</param>
public sealed record PruneResult(IReadOnlyList<Tag> Removed, IReadOnlyList<Tag> InUse, int Left, RegistryException? Problem = null);
