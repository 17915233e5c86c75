namespace IrisOperator.Operator.Training;

/// <summary>Jobs that serve no purpose: of long ago, going on though their end is recorded, or in the way of a claim's deletion.</summary>
internal static class JobCleanUp
{
    private const int KeptJobs = 3;

    // A Job ends soon after its container, unless its pods have one that somebody added and that goes on.
    private static readonly TimeSpan _endOfJob = TimeSpan.FromSeconds(30);

    public static IEnumerable<PlanStep> Of(TrainingContext context) =>
        from job in Superfluous(context)
        where job.Since <= context.Now
        select new DeleteStep<V1Job>(job.Job.Key(), job.Job.Metadata.Uid);

    /// <summary>When there is more to clean up; null where nothing more comes.</summary>
    public static TimeSpan? Next(TrainingContext context) =>
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
            _ when context.Observed.TerminatingClaim is not null => DateTimeOffset.MinValue,
            _ when JobState.IsFinished(job) => null,
            ({ State: RunState.Superseded }, _) => DateTimeOffset.MinValue,
            ({ } known, _) when known.JobName != name => known.RetryTime ?? known.Finished ?? DateTimeOffset.MinValue,
            var (known, other) => ((known is null ? other!.Finished : known.Finished) ?? DateTimeOffset.MinValue) + _endOfJob,
        };
    }
}
