namespace IrisOperator.Operator.Serving;

/// <summary>A version on a few pods beside those that serve: how far it is, and what is to become of it.</summary>
/// <param name="Rollout">Of the canary's Deployment.</param>
/// <param name="Status">As it is to be remembered.</param>
/// <param name="Problem">Why the first pod that could not be asked could not; null when all could.</param>
internal sealed record Canary(
    ServedImage Image, Rollout Rollout, CanaryStatus Status, CanaryFacts Facts, CanaryJudgement Judgement, string? Problem)
{
    /// <returns>Null when there is nothing to try, or no pod serves beside which it could be.</returns>
    public static Canary? Of(ModelContext context)
    {
        var (model, observed) = (context.Model, context.Observed);
        if (context.Choice.Trial is not { } image || context.Spec.Rollout?.Canary is not { } spec
            || Replicas(spec, ModelDeployment.Replicas(model)) is not (> 0 and var replicas))
        {
            return null;
        }

        var live = observed.Canary is { Metadata.DeletionTimestamp: null } canary && canary.IsControlledBy(model) ? canary : null;
        var rollout = Rollout.OfCanary(observed, live, ModelDeployment.BuildCanary(model, image, replicas));
        var ready = rollout.WantedPods.Where(Rollout.IsReady).Select(pod => pod.Metadata.Name).ToHashSet();
        var asked = observed.CanaryRequests.Where(requests => ready.Contains(requests.Pod)).ToList();
        var known = asked.Where(requests => requests.Problem is null).ToList();
        var isWhole = rollout.IsDone && ready.Count == replicas;
        var before = model.Status?.Canary is { } status && status.Reference == image.Reference ? status : null;
        var since = before?.Since ?? (isWhole ? context.Now : null);
        var facts = new CanaryFacts(
            context.Now - since,
            isWhole,
            known.Count == replicas,
            known.Sum(requests => requests.Requests),
            known.Sum(requests => requests.Errors),
            Failure(context, rollout));
        var remembered = new CanaryStatus
        {
            Version = image.Version,
            Reference = image.Reference!,
            Digest = image.Digest!,
            Replicas = replicas,
            Since = since,
            Requests = known.Count == 0 ? before?.Requests : Rounded(facts.Requests),
            Errors = known.Count == 0 ? before?.Errors : Rounded(facts.Errors),
        };
        var problem = asked.FirstOrDefault(requests => requests.Problem is not null)?.Problem;
        return new Canary(image, rollout, remembered, facts, CanaryJudgement.Of(spec, facts), problem);
    }

    private static int Replicas(CanarySpec spec, int serving) =>
        serving == 0 ? 0 : spec.Replicas ?? (((serving * (spec.Weight ?? 0)) + 99) / 100);

    // What a rollout forgives is none of it forgiven here: a container that was started again, and a pod that was ready once
    // and is not any more.
    private static Problem? Failure(ModelContext context, Rollout rollout)
    {
        var seconds = ModelDeployment.ProgressDeadline(context.Model);
        var latest = context.Now - TimeSpan.FromSeconds(seconds);
        return rollout.Failure(context.Choice.Problem is null)
            ?? rollout.Restart()
            ?? (rollout.WantedPods.Any(pod => PodProblems.IsUnreadySince(pod, latest))
                ? new Problem(
                    "ProgressDeadlineExceeded",
                    string.Create(CultureInfo.InvariantCulture, $"a pod that runs was not ready for {seconds} seconds"),
                    RequiresUserAction: true)
                : null);
    }

    // In steps that grow with the figure, so that a busy model does not write its status at every look.
    private static long Rounded(long count)
    {
        var step = 1L;
        while (count / step >= 100)
        {
            step *= 10;
        }

        return count / step * step;
    }
}

/// <summary>What is known of a trial at one moment.</summary>
/// <param name="Tried">Since all pods were ready for the first time; null before.</param>
/// <param name="IsWhole">All wanted pods are ready now.</param>
/// <param name="IsMeasured">All wanted pods said what they answered.</param>
/// <param name="Requests">Of those pods that said so.</param>
/// <param name="Failure">Why the pods will not come up or stay up; null as long as they may.</param>
internal sealed record CanaryFacts(TimeSpan? Tried, bool IsWhole, bool IsMeasured, long Requests, long Errors, Problem? Failure = null);

/// <summary>What is to become of a version that is tried.</summary>
internal enum CanaryVerdict
{
    /// <summary>Too early to tell.</summary>
    ContinueImmediately,

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

    private static readonly CanaryJudgement ContinueImmediately = new(CanaryVerdict.ContinueImmediately, "Canary", "it is being tried");

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
            { Tried: null } => ContinueImmediately,
            { Tried: { } tried } when tried < duration => ContinueImmediately,
            { IsWhole: true, IsMeasured: true } => new(CanaryVerdict.Promote, "CanaryPromoted", isConclusive
                ? $"{facts.Errors} of {facts.Requests} requests failed"
                : $"it answered its golden requests, and {facts.Requests} requests are too few to tell more"),
            { IsWhole: true, Tried: { } tried } when tried >= duration + Patience => new(
                CanaryVerdict.Unmeasured, "CanaryUnmeasured", "its pods cannot be asked what they answered"),
            _ => ContinueImmediately,
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
