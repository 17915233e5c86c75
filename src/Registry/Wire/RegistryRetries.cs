using Polly;
using Polly.Retry;

namespace IrisOperator.Registry.Wire;

/// <summary>
/// What is sent again, how often and when: exponential back-off with jitter, or the pause that the registry asked for, at most
/// <see cref="RegistryOptions.MaxRetryDelay"/>. One for a process.
/// </summary>
internal sealed class RegistryRetries(RegistryOptions options, TimeProvider time)
{
    private const int MaxRestarts = 2;
    private static readonly TimeSpan _firstDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan _firstUploadDelay = TimeSpan.FromSeconds(1);

    /// <summary>Requests that may be repeated. An exceeded time limit is not retried: the caller has waited long enough.</summary>
    public ResiliencePipeline Requests { get; } = Pipeline(options, time, "requests", _firstDelay, options.MaxRetries, error =>
        error is RegistryException { IsRetried: true } or RegistryException { Problem: RegistryProblem.Unreachable }
        || MayBeAsked(error, options, RegistryProblem.RateLimited, RegistryProblem.ServerError));

    /// <summary>Requests whose effect is not known when no answer comes.</summary>
    public ResiliencePipeline Steps { get; } = Pipeline(options, time, "steps", _firstDelay, options.MaxRetries, error =>
        MayBeAsked(error, options, RegistryProblem.RateLimited));

    /// <summary>Chunks of an upload whose connection broke; the session goes on.</summary>
    public ResiliencePipeline Chunks { get; } = Pipeline(options, time, "chunks", _firstUploadDelay, options.MaxRetries, IsBroken);

    /// <summary>Uploads whose session is lost; there is another session.</summary>
    public ResiliencePipeline Uploads { get; } =
        Pipeline(options, time, "uploads", _firstUploadDelay, MaxRestarts, error => error is UploadLostException);

    public static bool IsBroken(Exception error) => error is RegistryException
    {
        Problem: RegistryProblem.Unreachable or RegistryProblem.ServerError or RegistryProblem.TooSlow,
    };

    // A registry that asks for a longer pause is not asked again: the caller learns how long.
    private static bool MayBeAsked(Exception error, RegistryOptions options, params ReadOnlySpan<RegistryProblem> problems) =>
        error is RegistryException answer && problems.Contains(answer.Problem) && !(answer.RetryAfter > options.MaxRetryDelay);

    private static ResiliencePipeline Pipeline(
        RegistryOptions options, TimeProvider time, string name, TimeSpan first, int retries, Predicate<Exception> isRetried)
    {
        var backoff = new Backoff(first, options.MaxRetryDelay);
        return retries == 0
            ? ResiliencePipeline.Empty
            : new ResiliencePipelineBuilder { Name = name, TimeProvider = time }.AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = retries,
                ShouldHandle = attempt => ValueTask.FromResult(attempt.Outcome.Exception is { } error && isRetried(error)),
                DelayGenerator = attempt =>
                {
                    var error = attempt.Outcome.Exception is UploadLostException lost ? lost.Cause : attempt.Outcome.Exception;
                    var delay = (error as RegistryException)?.RetryAfter ?? backoff.Delay(attempt.AttemptNumber);
                    var bounded = delay < options.MaxRetryDelay ? delay : options.MaxRetryDelay;
                    return ValueTask.FromResult<TimeSpan?>(Backoff.Spread(bounded, options.Jitter()));
                },
            }).Build();
    }
}

/// <summary>The session of an upload is of no use any more; another one may be.</summary>
internal sealed class UploadLostException(RegistryException cause) : Exception(cause.Message, cause)
{
    public RegistryException Cause => cause;
}
