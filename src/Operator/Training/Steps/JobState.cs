namespace IrisOperator.Operator.Training.Steps;

/// <summary>What the Job of a step is at, as far as it and its pods tell. Read once per reconcile, for all steps alike.</summary>
public abstract record JobState
{
    public sealed record Missing : JobState;

    /// <summary>Being deleted before it has finished.</summary>
    public sealed record Deleting : JobState;

    public sealed record Active : JobState;

    /// <summary>The Job is complete and its pods are gone, so nobody knows what the step yielded.</summary>
    public sealed record ReportLost : JobState;

    /// <param name="Container">How the step's container ended; null where no pod tells, or the Job's verdict counts for more.</param>
    /// <param name="Verdict">The Job's own condition Failed; null where the container ended well, or for good.</param>
    public sealed record Ended(V1ContainerStateTerminated? Container, V1JobCondition? Verdict) : JobState
    {
        /// <summary>False where another attempt would fail in the same way.</summary>
        public bool MayPass => !IsDeadlineExceeded && Container is null or { ExitCode: not ExitCode.Success and not ExitCode.BadInput }
            && StepReport.Parse(Container?.Message) is not { Outcome: Outcome.Failed, Retriable: false };

        public bool IsDeadlineExceeded => Container is null && Verdict?.Reason == "DeadlineExceeded";

        /// <summary>What to say where the program left no report.</summary>
        public string Explanation => Container is { } ended
            ? Describe(ended)
            : Verdict?.Message ?? (IsDeadlineExceeded ? "the Job took too long" : "the Job failed, its pods are gone");
    }

    /// <param name="pods">Those of an earlier Job of the same name are passed over.</param>
    public static JobState Read(V1Job? job, IEnumerable<V1Pod> pods)
    {
        if (job is null)
        {
            return new Missing();
        }

        if (job.Metadata.DeletionTimestamp is not null && !IsFinished(job))
        {
            return new Deleting();
        }

        var attempts = Attempts(job, pods);

        // A container that ended decides at once: the Job's condition follows a moment later, or never where somebody's webhook added one
        // that goes on. Of a pod that is being deleted it tells more: a deadline, or that the Job makes another one.
        return (attempts.LastOrDefault(ended => ended.ExitCode == 0), Condition(job, "Complete"), Condition(job, "Failed")) switch
        {
            ({ } success, _, _) => new Ended(success, null),
            (_, { }, _) => new ReportLost(),
            (_, _, { Reason: "DeadlineExceeded" } verdict) => new Ended(null, verdict),
            (_, _, { } verdict) => new Ended(attempts.LastOrDefault(), verdict),
            _ when Attempts(job, pods.Where(pod => pod.Metadata.DeletionTimestamp is null)).LastOrDefault() is { } last =>
                new Ended(last, null),
            _ => new Active(),
        };
    }

    public static bool IsFinished(V1Job job) => Condition(job, "Complete") is not null || Condition(job, "Failed") is not null;

    /// <summary>The last line that a program wrote, as the end of a sentence.</summary>
    public static string TerminationMessage(V1ContainerStateTerminated ended) =>
        string.IsNullOrWhiteSpace(ended.Message) ? " without a message" : $": {PodProblems.LastLine(ended.Message)}";

    /// <summary>How an attempt ended that left no model and no image.</summary>
    public static string Describe(V1ContainerStateTerminated ended) => StepReport.Parse(ended.Message)?.Message
        ?? $"the container ended with exit code {ended.ExitCode}{TerminationMessage(ended)}";

    private static V1JobCondition? Condition(V1Job job, string type) =>
        job.Status?.Conditions?.FirstOrDefault(condition => condition.Type == type && condition.Status == "True");

    // In the order of their ends. A container that somebody's webhook added is none of ours.
    private static List<V1ContainerStateTerminated> Attempts(V1Job job, IEnumerable<V1Pod> pods) =>
    [
        .. from pod in pods
           where pod.IsControlledBy(job)
           from status in pod.Status?.ContainerStatuses ?? []
           where StepContainer.All.Contains(status.Name)
           let ended = status.State?.Terminated
           where ended is not null
           orderby ended.FinishedAt
           select ended,
    ];
}

/// <summary>Names of the containers that do the work of a step.</summary>
public static class StepContainer
{
    public const string Train = "train";

    public const string Publish = "publish";

    public const string Prune = "prune";

    public static IReadOnlyList<string> All { get; } = [Train, Publish, Prune];
}
