using System.Text.RegularExpressions;

namespace IrisOperator.Operator.Jobs;

/// <summary>What the Job of a step is at, as far as it and its pods tell. For all steps alike.</summary>
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
        /// <summary>Null where the program left none.</summary>
        public StepReport? Report { get; } = StepReport.Parse(Container?.Message);

        /// <summary>False where another attempt would fail in the same way.</summary>
        public bool MayPass => !IsDeadlineExceeded && Container is null or { ExitCode: not ExitCode.Success and not ExitCode.BadInput }
            && Report is not { Outcome: Outcome.Failed, Retriable: false };

        public bool IsDeadlineExceeded => Container is null && Verdict?.Reason == KubernetesReasons.DeadlineExceeded;

        /// <summary>What to say where the program left no report.</summary>
        public string Explanation => Container is null
            ? Verdict?.Message ?? (IsDeadlineExceeded ? "the Job took too long" : "the Job failed, its pods are gone")
            : Report?.Message ?? Describe("container");

        /// <summary>The exit code, and the last line that the program wrote.</summary>
        public string Describe(string what)
        {
            var message = Container?.Message;
            return $"the {what} ended with exit code {Container?.ExitCode}"
                + (string.IsNullOrWhiteSpace(message) ? " without a message" : $": {PodProblems.LastLine(message)}");
        }
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
            (_, _, { Reason: KubernetesReasons.DeadlineExceeded } verdict) => new Ended(null, verdict),
            (_, _, { } verdict) => new Ended(attempts.LastOrDefault(), verdict),
            _ when Attempts(job, pods.Where(pod => pod.Metadata.DeletionTimestamp is null)).LastOrDefault() is { } last =>
                new Ended(last, null),
            _ => new Active(),
        };
    }

    // Nothing follows what failed.
    private static IEnumerable<V1ContainerStatus> FailedBefore(V1Pod pod) =>
        (pod.Status?.InitContainerStatuses ?? []).Where(status => status.State?.Terminated is { ExitCode: not 0 });

    public static bool IsFinished(V1Job job) => Condition(job, "Complete") is not null || Condition(job, "Failed") is not null;

    private static V1JobCondition? Condition(V1Job job, string type) =>
        job.Status?.Conditions?.FirstOrDefault(condition => condition.Type == type && condition.Status == "True");

    // In the order of their ends. A container that somebody's webhook added is none of ours.
    private static List<V1ContainerStateTerminated> Attempts(V1Job job, IEnumerable<V1Pod> pods) =>
    [
        .. from pod in pods
           where pod.IsControlledBy(job)
           from status in FailedBefore(pod).Concat(pod.Status?.ContainerStatuses ?? [])
           where StepContainer.All.Contains(status.Name)
           let ended = status.State?.Terminated
           where ended is not null
           orderby ended.FinishedAt
           select ended,
    ];
}

/// <summary>The Job of a step, its pods, and what events say about pods that do not start or are not made.</summary>
/// <param name="Job">Null where it is not there.</param>
/// <param name="Pods">By name.</param>
/// <param name="Events">Warnings, oldest first.</param>
public sealed record ObservedJob(V1Job? Job, IReadOnlyList<V1Pod> Pods, IReadOnlyList<Corev1Event> Events)
{
    private static readonly TimeSpan _suspendedPoll = TimeSpan.FromMinutes(1);

    public JobState State => JobState.Read(Job, Pods);

    /// <summary>Pods that have not ended.</summary>
    public IReadOnlyList<V1Pod> PodsAtWork =>
        [.. Pods.Where(pod => Job is { } job && pod.IsControlledBy(job) && pod.Status?.Phase is not ("Failed" or "Succeeded"))];

    /// <summary>Why a Job that goes on does not get ahead.</summary>
    public Problem? Problem => IsSuspended
        ? new Problem(
            Reasons.JobSuspended,
            $"job {Job!.Metadata.Name} was suspended by somebody else, such as a queue, and waits until it is resumed",
            RequiresUserAction: false)
        : PodsAtWork is { Count: > 0 } pods ? PodProblems.Find(pods, Events) : PodProblems.OfCreation(Job!, Events);

    /// <summary>When to look again: pods that the server refuses show in events of the Job alone. Null where a change will tell.</summary>
    public TimeSpan? NextPoll => IsSuspended ? _suspendedPoll
        : PodsAtWork is { Count: > 0 } pods ? PodProblems.NextPoll(pods) : PodProblems.StartPoll;

    /// <summary>True for a Job that somebody holds back: the operator itself suspends none.</summary>
    public bool IsSuspended => Job?.Spec?.Suspend == true;

    /// <summary>How long the Job was held back before it was resumed last. Kubernetes counts its deadline from there.</summary>
    public TimeSpan SuspendedFor =>
        Job?.Status is { StartTime: { } start, Conditions: { } conditions } && conditions.Any(condition => condition.Type == "Suspended")
            && start > Job.Metadata.CreationTimestamp
            ? start - Job.Metadata.CreationTimestamp.Value
            : TimeSpan.Zero;

    /// <summary>The container that works for the step; null while none does.</summary>
    public V1ContainerStatus? AtWork => PodsAtWork
        .SelectMany(pod => (pod.Status?.InitContainerStatuses ?? []).Concat(pod.Status?.ContainerStatuses ?? []))
        .FirstOrDefault(status => StepContainer.All.Contains(status.Name) && status.State?.Running is not null);
}

/// <summary>Names of the containers that do the work of a step.</summary>
public static class StepContainer
{
    public const string Train = "train";

    /// <summary>Takes over what a trainer left that is not ours.</summary>
    public const string Package = "package";

    public const string Publish = "publish";

    public const string Prune = "prune";

    public static IReadOnlyList<string> All { get; } = [Train, Package, Publish, Prune];
}

/// <summary>What the operator takes from a report, which it does not trust.</summary>
internal static partial class StepReportExtensions
{
    /// <summary>Fit to be the reason of a condition.</summary>
    public static string ReasonOr(this StepReport? report, string fallback) =>
        report?.Reason is { } reason && CamelCase().IsMatch(reason) ? reason : fallback;

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9]{0,62}$")]
    private static partial Regex CamelCase();
}
