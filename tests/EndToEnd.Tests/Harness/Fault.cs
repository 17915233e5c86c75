namespace IrisOperator.EndToEnd.Tests.Harness;

/// <summary>How a registry fails.</summary>
public enum Fault
{
    None,

    /// <summary>Nobody listens.</summary>
    Down,

    /// <summary>401 to whoever asks, whatever he brings.</summary>
    Unauthorized,

    /// <summary>429 with <c>Retry-After: 5</c>.</summary>
    RateLimited,

    ServerError,

    /// <summary>The connection is taken and nothing comes.</summary>
    Slow,
}
