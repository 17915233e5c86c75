using IrisOperator.Operator.Training.Steps;

namespace IrisOperator.Operator.Training;

/// <summary>The recorded runs: how they are told to the user, and which jobs may go.</summary>
public static class RunList
{
    private const int KeptJobs = 3;
    private const int DigestDigits = 12;

    // A Job ends soon after its container, unless its pods have one that somebody added and that goes on.
    private static readonly TimeSpan EndOfJob = TimeSpan.FromSeconds(30);

    /// <summary>Such as: run 3 (accuracy 0.9533, sha256:0123456789ab).</summary>
    public static string Describe(TrainingRun run)
    {
        var accuracy = run.Metrics?.GetValueOrDefault("accuracy") is { } value ? $"accuracy {value}" : null;
        string?[] facts = [accuracy, ShortDigest(run.ModelDigest)];
        var known = string.Join(", ", facts.Where(fact => fact is not null));
        return known.Length == 0 ? $"run {run.Number}" : $"run {run.Number} ({known})";
    }

    public static string? ShortDigest(string? digest)
    {
        var length = "sha256:".Length + DigestDigits;
        return digest?.Length > length ? digest[..length] : digest;
    }

    /// <summary>Of the newest run that has an image; null when none has.</summary>
    public static Publication? NewestImage(IReadOnlyList<TrainingRun>? runs) =>
        runs?.LastOrDefault(run => run.Publication?.Digest is not null)?.Publication;

    /// <summary>
    /// Jobs that serve no purpose: of long ago, still going on though their end is recorded, or in the way of a claim's deletion.
    /// </summary>
    internal static IEnumerable<PlanStep> CleanUp(TrainingContext context) =>
        from job in Superfluous(context)
        where job.Since <= context.Now
        select new DeleteStep<V1Job>(job.Job.Key(), job.Job.Metadata.Uid);

    /// <summary>When there is more to clean up; null where nothing more comes.</summary>
    internal static TimeSpan? NextCleanUp(TrainingContext context) =>
        Superfluous(context).Where(job => job.Since > context.Now).Min(job => (TimeSpan?)(job.Since - context.Now));

    private static IEnumerable<(V1Job Job, DateTimeOffset Since)> Superfluous(TrainingContext context) =>
        from job in context.Observed.Jobs
        where job.IsControlledBy(context.Training) && job.Metadata.DeletionTimestamp is null
        let since = SuperfluousSince(context, job)
        where since is not null
        select (job, since.Value);

    /// <returns>Null for a Job that goes on, or is kept for its log.</returns>
    private static DateTimeOffset? SuperfluousSince(TrainingContext context, V1Job job)
    {
        var (history, name) = (context.History, job.Metadata.Name!);
        var run = history.Runs.TakeLast(KeptJobs).FirstOrDefault(run => run.JobName == name || run.FailedJobs?.Contains(name) == true);
        var step = history.Steps.FirstOrDefault(step => step.JobName == name);
        return (run, step) switch
        {
            _ when name == history.JobName => null,
            (null, null) => DateTimeOffset.MinValue,
            _ when context.Observed.IsClaimTerminating => DateTimeOffset.MinValue,
            _ when JobState.IsFinished(job) => null,
            ({ State: RunState.Superseded }, _) => DateTimeOffset.MinValue,
            ({ } known, _) when known.JobName != name => known.RetryTime ?? known.Finished ?? DateTimeOffset.MinValue,
            var (known, other) => ((known is null ? other!.Finished : known.Finished) ?? DateTimeOffset.MinValue) + EndOfJob,
        };
    }
}
