namespace IrisOperator.Registry;

/// <summary>
/// What was asked of which registry, what came of it, and what to do. Fit for a condition: the message holds no credential, no query
/// string and nothing of the answer's text but error codes of the specification.
/// </summary>
public sealed class RegistryException(RegistryProblem problem, string message, Exception? cause = null) : Exception(message, cause)
{
    public RegistryProblem Problem { get; } = problem;

    /// <summary>As the registry asked, uncut, when it asked for more than the client waits.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>A refusal that is transient although its problem is not.</summary>
    internal bool IsRetried { get; init; }

    /// <summary>True where the same request may succeed later although nobody changes anything.</summary>
    public bool IsTransient =>
        Problem is RegistryProblem.Unreachable or RegistryProblem.RateLimited or RegistryProblem.ServerError or RegistryProblem.TooSlow;
}

/// <summary>Why a registry did not do what was asked. Each becomes a reason of a condition.</summary>
public enum RegistryProblem
{
    /// <summary>No connection, no such host, or the connection broke. Transient.</summary>
    Unreachable,
    /// <summary>No credentials, or the registry or its token service refused them.</summary>
    Unauthorized,
    /// <summary>The credentials are good and not enough.</summary>
    Forbidden,
    /// <summary>No such repository, manifest or blob; some registries say so where they mean <see cref="Unauthorized"/>.</summary>
    NotFound,
    /// <summary>429. See <see cref="RegistryException.RetryAfter"/>. Transient.</summary>
    RateLimited,
    /// <summary>5xx. Transient.</summary>
    ServerError,
    /// <summary>No answer within the time limit, or one that arrives too slowly. Transient.</summary>
    TooSlow,
    /// <summary>The certificate is not trusted.</summary>
    Untrusted,
    /// <summary>A redirect to an address that is not allowed.</summary>
    RefusedRedirect,
    /// <summary>A token service at an address that is not asked.</summary>
    RefusedRealm,
    /// <summary>The registry is at a private, loopback or denied address, or not named where only named ones are allowed.</summary>
    RefusedAddress,
    /// <summary>The answer breaks the protocol.</summary>
    InvalidAnswer,
    /// <summary>The content is not what its digest says.</summary>
    DigestMismatch,
    /// <summary>More pages, tags or bytes than the limits allow.</summary>
    TooLarge,
    /// <summary>The registry refuses the request for another reason, such as a method that is switched off there.</summary>
    Rejected,
    /// <summary>An image of a kind that this client does not handle, such as one with foreign layers.</summary>
    Unsupported,
    /// <summary>The tag exists and points to something else. Tags are never overwritten.</summary>
    AlreadyExists,
}
