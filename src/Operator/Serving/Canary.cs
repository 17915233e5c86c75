namespace IrisOperator.Operator.Serving;

/// <summary>A version on a few pods beside those that serve: how far its rollout is, and the verdict on it.</summary>
/// <param name="Rollout">Of the canary's Deployment.</param>
/// <param name="Status">For status.canary.</param>
/// <param name="Problem">Why the first pod that could not be asked could not; null when all could.</param>
internal sealed record Canary(
    ServedImage Image, Rollout Rollout, CanaryStatus Status, CanaryFacts Facts, CanaryJudgement Judgement, string? Problem)
{
    /// <returns>Null when there is no version for a canary, or no pod serves beside it.</returns>
    public static Canary? Observe(ModelContext context)
    {
        var (model, observed) = (context.Model, context.Observed);
        if (context.Choice.CanaryImage is not { } image || context.Spec.Rollout?.Canary is not { } spec
            || Replicas(spec, ModelDeployment.Replicas(model)) is not (> 0 and var replicas))
        {
            return null;
        }

        var live = observed.Canary is { Metadata.DeletionTimestamp: null } canary && canary.IsControlledBy(model) ? canary : null;
        var rollout = Rollout.FromCanary(observed, live, ModelDeployment.BuildCanary(model, image, replicas, context.Options));
        var ready = rollout.WantedPods.Where(Rollout.IsReady).Select(pod => pod.Metadata.Name).ToHashSet();
        var asked = observed.CanaryRequests.Where(requests => ready.Contains(requests.Pod)).ToList();
        var known = asked.Where(requests => requests.Problem is null).ToList();
        var isWhole = rollout.IsRolledOut && ready.Count == replicas;
        var before = model.Status?.Canary is { } recorded && recorded.Reference == image.Reference ? recorded : null;
        var since = before?.Since ?? (isWhole ? context.Now : null);
        var facts = new CanaryFacts(
            context.Now - since,
            isWhole,
            known.Count == replicas,
            known.Sum(requests => requests.Requests),
            known.Sum(requests => requests.Errors),
            Failure(context, rollout));
        var status = new CanaryStatus
        {
            Version = image.Version,
            Reference = image.Reference!,
            Digest = image.Digest!,
            Replicas = replicas,
            Since = since,
            Requests = known.Count == 0 ? before?.Requests : RoundDown(facts.Requests),
            Errors = known.Count == 0 ? before?.Errors : RoundDown(facts.Errors),
        };
        var problem = asked.FirstOrDefault(requests => requests.Problem is not null)?.Problem;
        return new Canary(image, rollout, status, facts, CanaryJudgement.Judge(spec, facts), problem);
    }

    private static int Replicas(CanarySpec spec, int serving) =>
        serving == 0 ? 0 : spec.Replicas ?? (((serving * (spec.Weight ?? 0)) + 99) / 100);

    // Stricter than a rollout: a container that was started again is a failure, and so is a pod that is no longer ready.
    private static Problem? Failure(ModelContext context, Rollout rollout)
    {
        var seconds = ModelDeployment.ProgressDeadline(context.Model);
        var latest = context.Now - TimeSpan.FromSeconds(seconds);
        return rollout.Failure(context.Choice.Problem is null)
            ?? rollout.FindRestart()
            ?? (rollout.WantedPods.Any(pod => PodProblems.IsUnreadySince(pod, latest))
                ? new Problem(
                    Reasons.ProgressDeadlineExceeded,
                    string.Create(CultureInfo.InvariantCulture, $"a pod that runs was not ready for {seconds} seconds"),
                    RequiresUserAction: true)
                : null);
    }

    // Steps that grow with the figure: a busy model does not write its status at every reconcile.
    private static long RoundDown(long count)
    {
        var step = 1L;
        while (count / step >= 100)
        {
            step *= 10;
        }

        return count / step * step;
    }
}

/// <summary>What is known of a canary at one moment.</summary>
/// <param name="Elapsed">Since all pods were ready for the first time; null before.</param>
/// <param name="IsWhole">All wanted pods are ready now.</param>
/// <param name="IsMeasured">The metrics of all wanted pods were read.</param>
/// <param name="Requests">Of the pods whose metrics were read.</param>
/// <param name="Failure">Why the pods do not start or stay ready; null as long as they may.</param>
internal sealed record CanaryFacts(TimeSpan? Elapsed, bool IsWhole, bool IsMeasured, long Requests, long Errors, Problem? Failure = null);

/// <summary>The verdict on a canary.</summary>
internal enum CanaryVerdict
{
    /// <summary>Too early to tell.</summary>
    Continue,

    /// <summary>All pods get the version.</summary>
    Promote,

    /// <summary>No pod keeps the version.</summary>
    Reject,

    /// <summary>The time is over and the pods cannot be asked: neither promoted nor rejected, and asked again.</summary>
    Unmeasured,
}

/// <summary>A verdict with its reason.</summary>
internal sealed record CanaryJudgement(CanaryVerdict Verdict, string Reason, string Message)
{
    private const string DefaultMaxErrorRate = "0.01";

    // A pod that did not answer once may answer the next time, so the status does not mention it at once.
    private static readonly TimeSpan _unmeasuredAfter = TimeSpan.FromSeconds(60);

    private static readonly CanaryJudgement _continue = new(CanaryVerdict.Continue, Reasons.Canary, "too early to tell");

    public static CanaryJudgement Judge(CanarySpec spec, CanaryFacts facts)
    {
        if (facts.Failure is { } failure)
        {
            return new(CanaryVerdict.Reject, failure.Reason, failure.Message);
        }

        var isConclusive = facts.Requests >= (spec.MinRequests ?? 20);
        var max = ParseRate(spec.MaxErrorRate) ?? throw new InvalidOperationException("the spec is valid where it is judged");
        if (isConclusive && facts.Errors > max * facts.Requests)
        {
            return new(CanaryVerdict.Reject, Reasons.CanaryErrorRate, string.Create(
                CultureInfo.InvariantCulture,
                $"{facts.Errors} of {facts.Requests} requests to the canary were answered with a status of 500 or above; "
                + $"spec.rollout.canary.maxErrorRate allows {spec.MaxErrorRate ?? DefaultMaxErrorRate} of them"));
        }

        var duration = DurationOf(spec);
        return facts switch
        {
            { Elapsed: null } => _continue,
            { Elapsed: { } elapsed } when elapsed < duration => _continue,
            { IsWhole: true, IsMeasured: true } => new(CanaryVerdict.Promote, Reasons.CanaryPromoted, isConclusive
                ? $"{facts.Errors} of {facts.Requests} requests failed"
                : $"it answered its golden requests, and {facts.Requests} requests are too few to tell more"),
            { IsWhole: true, Elapsed: { } elapsed } when elapsed >= duration + _unmeasuredAfter => new(
                CanaryVerdict.Unmeasured, Reasons.CanaryUnmeasured, "its pods cannot be asked what they answered"),
            _ => _continue,
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
