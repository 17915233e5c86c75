namespace IrisOperator.Registry;

/// <summary>Why a registry did not do what was asked. Closed: whoever turns it into a condition can name every case.</summary>
public enum RegistryProblem
{
    /// <summary>No connection, no such host, or the connection broke. May pass by itself.</summary>
    Unreachable,

    /// <summary>No credentials, or the registry or its token service refused them.</summary>
    Unauthorized,

    /// <summary>The credentials are good and not enough.</summary>
    Forbidden,

    /// <summary>No such repository, manifest or blob; some registries say so where they mean <see cref="Unauthorized"/>.</summary>
    NotFound,

    /// <summary>429. See <see cref="RegistryException.RetryAfter"/>. May pass by itself.</summary>
    RateLimited,

    /// <summary>5xx. May pass by itself.</summary>
    ServerError,

    /// <summary>No answer within the time limit, or an answer in drips. May pass by itself.</summary>
    TooSlow,

    /// <summary>The certificate is not one that we trust.</summary>
    Untrusted,

    /// <summary>A redirect that leads where we do not go.</summary>
    RefusedRedirect,

    /// <summary>A token service that credentials are not sent to.</summary>
    RefusedRealm,

    /// <summary>
    /// The registry is at a private, loopback or denied address, or not among the named ones where only those are allowed.
    /// </summary>
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
