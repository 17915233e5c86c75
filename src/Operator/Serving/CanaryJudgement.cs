namespace IrisOperator.Operator.Serving;

/// <summary>What is known of a trial at one moment.</summary>
/// <param name="Tried">Since all pods were ready for the first time; null before.</param>
/// <param name="IsWhole">All wanted pods are ready now.</param>
/// <param name="IsMeasured">All wanted pods said what they answered.</param>
/// <param name="Requests">Of those pods that said so.</param>
/// <param name="Errors">Of those requests.</param>
/// <param name="Failure">Why the pods will not come up or stay up; null as long as they may.</param>
internal sealed record CanaryFacts(TimeSpan? Tried, bool IsWhole, bool IsMeasured, long Requests, long Errors, PodTrouble? Failure = null);

/// <summary>What is to become of a version that is tried.</summary>
internal enum CanaryVerdict
{
    /// <summary>It is too early to tell.</summary>
    GoOn,

    /// <summary>All pods get it.</summary>
    Promote,

    /// <summary>No pod keeps it.</summary>
    Reject,

    /// <summary>The time is over and its pods cannot be asked. Silence is no proof, so neither is done; it is asked on.</summary>
    Unmeasured,
}

/// <summary>A verdict, and why in one word and in a sentence.</summary>
internal sealed record CanaryJudgement(CanaryVerdict Verdict, string Reason, string Message)
{
    private const string DefaultMaxErrorRate = "0.01";

    // A pod that did not answer once may do so the next time; only then it is worth a word.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly CanaryJudgement GoOn = new(CanaryVerdict.GoOn, "Canary", "it is being tried");

    public static CanaryJudgement Of(CanarySpec spec, CanaryFacts facts)
    {
        if (facts.Failure is { } failure)
        {
            return new(CanaryVerdict.Reject, failure.Reason, failure.Message);
        }

        var isConclusive = facts.Requests >= (spec.MinRequests ?? 20);
        var max = ParseRate(spec.MaxErrorRate) ?? throw new InvalidOperationException("the spec is valid where it is judged");
        if (isConclusive && facts.Errors > max * facts.Requests)
        {
            return new(CanaryVerdict.Reject, "CanaryErrorRate", string.Create(
                CultureInfo.InvariantCulture,
                $"{facts.Errors} of {facts.Requests} requests to the canary were answered with a status of 500 or above; "
                + $"spec.rollout.canary.maxErrorRate allows {spec.MaxErrorRate ?? DefaultMaxErrorRate} of them"));
        }

        var duration = DurationOf(spec);
        return facts switch
        {
            { Tried: null } => GoOn,
            { Tried: { } tried } when tried < duration => GoOn,
            { IsWhole: true, IsMeasured: true } => new(CanaryVerdict.Promote, "CanaryPromoted", isConclusive
                ? $"{facts.Errors} of {facts.Requests} requests failed"
                : $"it answered its golden requests, and {facts.Requests} requests are too few to tell more"),
            { IsWhole: true, Tried: { } tried } when tried >= duration + Patience => new(
                CanaryVerdict.Unmeasured, "CanaryUnmeasured", "its pods cannot be asked what they answered"),
            _ => GoOn,
        };
    }

    public static TimeSpan DurationOf(CanarySpec spec) => TimeSpan.FromSeconds(spec.DurationSeconds ?? 60);

    /// <returns>From 0 to 1; null for anything else.</returns>
    public static decimal? ParseRate(string? rate) =>
        decimal.TryParse(rate ?? DefaultMaxErrorRate, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
        && value is >= 0 and <= 1
            ? value
            : null;
}
