namespace IrisOperator.Operator.Images;

/// <summary>Why a registry gave no answer to a selection.</summary>
/// <param name="Reason">CamelCase, for conditions.</param>
/// <param name="Message">What was asked of which registry, what it said, what to do.</param>
/// <param name="NeedsUser">True where asking again is not likely to help.</param>
public sealed record ImageProblem(string Reason, string Message, bool NeedsUser)
{
    /// <summary>The reason where the registry answered, and has no such version (any more).</summary>
    public const string NoMatchingVersion = "NoMatchingVersion";
}
