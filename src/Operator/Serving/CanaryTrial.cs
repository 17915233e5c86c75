using IrisOperator.Operator.Serving.Desired;

namespace IrisOperator.Operator.Serving;

/// <summary>A version on a few pods beside those that serve: how far it is, and what is to become of it.</summary>
/// <param name="Image">What is tried.</param>
/// <param name="Rollout">Of the canary's Deployment.</param>
/// <param name="Status">As it is to be remembered.</param>
/// <param name="Facts">What it is judged by.</param>
/// <param name="Judgement">What is to become of it.</param>
/// <param name="Problem">Why the first pod that could not be asked could not; null when all could.</param>
internal sealed record CanaryTrial(
    ServedImage Image, Rollout Rollout, CanaryStatus Status, CanaryFacts Facts, CanaryJudgement Judgement, string? Problem)
{
    /// <returns>Null when there is nothing to try, or no pod serves beside which it could be.</returns>
    public static CanaryTrial? Of(ModelContext context)
    {
        var (model, seen) = (context.Model, context.Seen);
        if (context.Choice.Trial is not { } image || context.Spec.Rollout?.Canary is not { } spec
            || Replicas(spec, ModelDeployment.Replicas(model)) is not (> 0 and var replicas))
        {
            return null;
        }

        var live = seen.Canary is { Metadata.DeletionTimestamp: null } canary && canary.IsControlledBy(model) ? canary : null;
        var rollout = Rollout.OfCanary(seen, live, ModelDeployment.BuildCanary(model, image, replicas));
        var ready = rollout.WantedPods.Where(Rollout.IsReady).Select(pod => pod.Metadata.Name).ToHashSet();
        var asked = seen.CanaryRequests.Where(requests => ready.Contains(requests.Pod)).ToList();
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
            Requests = known.Count == 0 ? before?.Requests : Coarse(facts.Requests),
            Errors = known.Count == 0 ? before?.Errors : Coarse(facts.Errors),
        };
        var problem = asked.FirstOrDefault(requests => requests.Problem is not null)?.Problem;
        return new CanaryTrial(image, rollout, remembered, facts, CanaryJudgement.Of(spec, facts), problem);
    }

    private static int Replicas(CanarySpec spec, int serving) =>
        serving == 0 ? 0 : spec.Replicas ?? (((serving * (spec.Weight ?? 0)) + 99) / 100);

    // What a rollout forgives is none of it forgiven here: a container that was started again, and a pod that was ready once
    // and is not any more.
    private static PodTrouble? Failure(ModelContext context, Rollout rollout)
    {
        var seconds = context.Spec.Rollout?.ProgressDeadlineSeconds ?? 600;
        var latest = context.Now - TimeSpan.FromSeconds(seconds);
        return rollout.Failure(context.Choice.Problem is null)
            ?? rollout.Restart()
            ?? (rollout.WantedPods.Any(pod => PodTrouble.IsUnreadySince(pod, latest))
                ? new PodTrouble(
                    "ProgressDeadlineExceeded",
                    string.Create(CultureInfo.InvariantCulture, $"a pod that runs was not ready for {seconds} seconds"),
                    NeedsUser: true)
                : null);
    }

    // In steps that grow with the figure, so that a busy model does not write its status at every look.
    private static long Coarse(long count)
    {
        var step = 1L;
        while (count / step >= 100)
        {
            step *= 10;
        }

        return count / step * step;
    }
}
