namespace IrisOperator.Kube.Runtime.Client;

/// <summary>The server's refusal. The message is the server's own, fit for a condition, prefixed with the request.</summary>
public sealed class KubeApiException : Exception
{
    public KubeApiException(V1Status status, string? request = null, TimeSpan? retryAfter = null)
        : base(Describe(status, request))
    {
        Status = status;
        RetryAfter = retryAfter;
    }

    public V1Status Status { get; }

    public int Code => Status.Code ?? 0;

    /// <summary>As the server asked in its last answer.</summary>
    public TimeSpan? RetryAfter { get; }

    public bool IsBadRequest => Code == 400;

    public bool IsForbidden => Code == 403;

    public bool IsNotFound => Code == 404;

    /// <summary>A precondition or a field manager stands against it. False for a name that is taken, though that is a 409 too.</summary>
    public bool IsConflict => Code == 409 && Status.Reason != "AlreadyExists";

    public bool IsAlreadyExists => Code == 409 && Status.Reason == "AlreadyExists";

    /// <summary>The resource version or the continue token is too old. Both reasons occur: Expired and Gone.</summary>
    public bool IsGone => Code == 410;

    public bool IsInvalid => Code == 422;

    public bool IsTooManyRequests => Code == 429;

    /// <summary>True where the same request may succeed later although nobody changes anything.</summary>
    public bool IsTransient => Code is 408 or 429 or >= 500;

    private static string Describe(V1Status status, string? request)
    {
        var message = status.Message ?? status.Reason ?? "no message";
        return request is null ? message : $"{request}: {status.Code} {message}";
    }
}
