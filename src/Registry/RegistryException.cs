namespace IrisOperator.Registry;

/// <summary>
/// What was asked of which registry, what came of it, and what to do. Fit for a condition: the message holds no credential, no query
/// string and nothing of the answer's text but error codes of the specification.
/// </summary>
public sealed class RegistryException : Exception
{
    public RegistryException(RegistryProblem problem, string message, Exception? cause = null)
        : base(message, cause) => Problem = problem;

    public RegistryProblem Problem { get; }

    /// <summary>As the registry asked, uncut, when it asked for more than the client waits by itself.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>A refusal that the registry may take back by itself within seconds.</summary>
    internal bool MayPass { get; init; }

    /// <summary>True where the same request may succeed later although nobody changes anything.</summary>
    public bool IsTransient =>
        Problem is RegistryProblem.Unreachable or RegistryProblem.RateLimited or RegistryProblem.ServerError or RegistryProblem.TooSlow;
}
