using IrisOperator.Operator.Training.Desired;

namespace IrisOperator.Operator.Training;

/// <summary>How a job ended, as far as it and its pods tell.</summary>
/// <param name="State">Final state of the run; null while the job goes on, or when the report is lost.</param>
/// <param name="Report">Set for Accepted and Rejected.</param>
/// <param name="Publication">How it ended, where there was one to end.</param>
/// <param name="IsReportLost">The job is complete and its pods are gone, so nobody knows what the run yielded.</param>
public sealed record JobReading(
    string? State, string Reason, string Message, TrainerReport? Report = null, Publication? Publication = null, bool IsReportLost = false)
{
    /// <summary>Exit code of a trainer for input that will fail again.</summary>
    internal const int BadInput = 2;

    private static readonly JobReading Active = new(null, "Training", "");

    /// <param name="pods">Its pods; those of an earlier job of the same name are passed over.</param>
    /// <param name="pending">Set for a run that is to be published.</param>
    public static JobReading Of(V1Job job, IEnumerable<V1Pod> pods, Publication? pending)
    {
        var tries = Tries(job, pods);
        var ended = tries.Select(attempt => attempt.Train).ToList();

        // A pod that ended well decides at once; the job's condition follows a moment later and would add nothing.
        if (tries.LastOrDefault(attempt => attempt.Train.ExitCode == 0) is { Train: not null } success)
        {
            var trained = Success(success.Train);
            return pending is null || trained.State != RunState.Accepted ? trained : Publishing(trained, pending, job, success.Publish);
        }

        return (Condition(job, "Complete"), Condition(job, "Failed"), ended.LastOrDefault()) switch
        {
            ({ }, _, _) => new(null, "ReportLost", "the pods of the finished job are gone with their report", IsReportLost: true),
            (_, { Reason: "DeadlineExceeded" } condition, _) =>
                Failure("DeadlineExceeded", condition.Message ?? "the run took longer than spec.activeDeadlineSeconds"),
            (_, { } condition, null) => Failure(condition.Reason ?? "JobFailed", condition.Message ?? "the job failed, its pods are gone"),
            (_, { }, { } last) => Crash(last),
            (_, null, { } last) when IsFinal(last) => Crash(last),
            _ => Active,
        };
    }

    /// <summary>How the last try ended that the job did not accept as the end; null when there was none.</summary>
    public static string? LastFailure(V1Job job, IEnumerable<V1Pod> pods) => Tries(job, pods).LastOrDefault() switch
    {
        { Train: { ExitCode: not 0 } last } => Crash(last).Message,
        { Publish: { ExitCode: not 0 } last } =>
            PublishReport.Parse(last.Message)?.Message ?? $"the publisher ended with exit code {last.ExitCode}",
        _ => null,
    };

    /// <summary>The trainer of the last try ended well, and the publisher has yet to end.</summary>
    public static bool IsPublishing(V1Job job, IEnumerable<V1Pod> pods) =>
        Tries(job, pods).LastOrDefault() is { Train.ExitCode: 0, Publish: null };

    public static bool IsFinished(V1Job job) => Condition(job, "Complete") is not null || Condition(job, "Failed") is not null;

    internal static V1JobCondition? Condition(V1Job job, string type) =>
        job.Status?.Conditions?.FirstOrDefault(condition => condition.Type == type && condition.Status == "True");

    // Of each pod whose trainer has ended, in the order of their ends; the publisher may still be at work.
    private static List<(V1ContainerStateTerminated Train, V1ContainerStateTerminated? Publish)> Tries(
        V1Job job, IEnumerable<V1Pod> pods) =>
    [
        .. from pod in pods
           where pod.IsControlledBy(job)
           let train = Terminated(pod, TrainingJob.TrainContainer)
           where train is not null
           orderby train.FinishedAt
           select (train, Terminated(pod, TrainingJob.PublishContainer)),
    ];

    private static V1ContainerStateTerminated? Terminated(V1Pod pod, string container) =>
        (pod.Status?.InitContainerStatuses ?? [])
            .Concat(pod.Status?.ContainerStatuses ?? [])
            .FirstOrDefault(status => status.Name == container)?.State?.Terminated;

    private static JobReading Publishing(JobReading trained, Publication pending, V1Job job, V1ContainerStateTerminated? ended)
    {
        var failed = Condition(job, "Failed");
        if (failed is null && ended?.ExitCode is not (0 or BadInput))
        {
            return Active;
        }

        // Evicted or over its deadline between the two: the job does not try again, and the model is there all the same.
        var otherwise = ended is null
            ? failed?.Message ?? "the job failed before the model was published"
            : $"the publisher ended with exit code {ended.ExitCode}{LastWords(ended)}";
        return trained with { Publication = PublishReport.End(pending, PublishReport.Parse(ended?.Message), otherwise) };
    }

    private static JobReading Success(V1ContainerStateTerminated ended) => TrainerReport.Parse(ended.Message) switch
    {
        null => Failure(
            "NoModelReported",
            "the trainer ended with exit code 0 but left no report in its termination message, so there is no model to trust"),
        var report when report.FindFlaw() is { } flaw =>
            Failure("NoModelReported", $"the trainer ended with exit code 0 but its report names no model: {flaw}"),
        var report => new(report.Outcome, report.Outcome!, report.Message ?? "", report),
    };

    private static JobReading Crash(V1ContainerStateTerminated ended) => (ended.Reason, TrainerReport.Parse(ended.Message)) switch
    {
        ("OOMKilled", _) =>
            Failure("OOMKilled", "the trainer needed more memory than spec.trainer.resources.limits.memory (1Gi unless set)"),
        (_, { } report) =>
            Failure(report.ReasonOr("TrainerFailed"), report.Message ?? $"the trainer ended with exit code {ended.ExitCode}"),
        _ => Failure(
            ended.ExitCode == BadInput ? "BadInput" : "TrainerFailed",
            $"the trainer ended with exit code {ended.ExitCode}{LastWords(ended)}"),
    };

    internal static string LastWords(V1ContainerStateTerminated ended) =>
        string.IsNullOrWhiteSpace(ended.Message) ? " without a message" : $": {PodTrouble.LastLine(ended.Message)}";

    private static bool IsFinal(V1ContainerStateTerminated ended) =>
        ended.ExitCode == BadInput || TrainerReport.Parse(ended.Message) is { Outcome: "Failed", Retriable: false };

    private static JobReading Failure(string reason, string message) => new(RunState.Failed, reason, message);
}

/// <summary>How a job of one container ended, as far as it and its pods tell.</summary>
/// <param name="Report">What the container left as termination message; null where it left none.</param>
/// <param name="Otherwise">What to say of an end without a report.</param>
/// <param name="IsReportLost">The job is complete and its pods are gone, so nobody knows what it did.</param>
internal sealed record UpkeepReading(bool HasEnded, string? Report = null, string Otherwise = "", bool IsReportLost = false)
{
    public static UpkeepReading Of(V1Job job, IEnumerable<V1Pod> pods)
    {
        var tries = Tries(job, pods);
        if (tries.LastOrDefault(ended => ended.ExitCode == 0) is { } success)
        {
            return Ended(success);
        }

        return (JobReading.Condition(job, "Complete"), JobReading.Condition(job, "Failed"), tries.LastOrDefault()) switch
        {
            ({ }, _, _) => new(HasEnded: false, IsReportLost: true),
            (_, { Reason: "DeadlineExceeded" } condition, _) => new(true, Otherwise: condition.Message ?? "the job took too long"),
            (_, { } condition, null) => new(true, Otherwise: condition.Message ?? "the job failed, its pods are gone"),
            (_, { }, { } last) => Ended(last),
            (_, null, { ExitCode: JobReading.BadInput } last) => Ended(last),
            _ => new(HasEnded: false),
        };
    }

    private static UpkeepReading Ended(V1ContainerStateTerminated ended) =>
        new(true, ended.Message, $"its container ended with exit code {ended.ExitCode}{JobReading.LastWords(ended)}");

    private static List<V1ContainerStateTerminated> Tries(V1Job job, IEnumerable<V1Pod> pods) =>
    [
        .. from pod in pods
           where pod.IsControlledBy(job)
           from status in pod.Status?.ContainerStatuses ?? []
           let ended = status.State?.Terminated
           where ended is not null
           orderby ended.FinishedAt
           select ended,
    ];
}
