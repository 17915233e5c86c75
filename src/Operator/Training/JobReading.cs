using IrisOperator.Kube;
using IrisOperator.Kube.Models;
using IrisOperator.Operator.Api.V1Alpha1;
using IrisOperator.Operator.Pods;
using IrisOperator.Operator.Training.Desired;

namespace IrisOperator.Operator.Training;

/// <summary>How a job ended, as far as it and its pods tell.</summary>
/// <param name="State">Final state of the run; null while the job goes on, or when the report is lost.</param>
/// <param name="Reason">CamelCase.</param>
/// <param name="Message">For the user.</param>
/// <param name="Report">Set for Accepted and Rejected.</param>
/// <param name="IsReportLost">The job is complete and its pods are gone, so nobody knows what the run yielded.</param>
public sealed record JobReading(string? State, string Reason, string Message, TrainerReport? Report = null, bool IsReportLost = false)
{
    /// <summary>Exit code of a trainer for input that will fail again.</summary>
    private const int BadInput = 2;

    private static readonly JobReading Active = new(null, "Training", "");

    /// <param name="job">The job of the run.</param>
    /// <param name="pods">Its pods; those of an earlier job of the same name are passed over.</param>
    public static JobReading Of(V1Job job, IEnumerable<V1Pod> pods)
    {
        var ended = Ended(job, pods);

        // A pod that ended well decides at once; the job's condition follows a moment later and would add nothing.
        if (ended.LastOrDefault(state => state.ExitCode == 0) is { } success)
        {
            return Success(success);
        }

        return (Condition(job, "Complete"), Condition(job, "Failed"), ended.LastOrDefault()) switch
        {
            ({ }, _, _) => new(null, "ReportLost", "the pods of the finished job are gone with their report", IsReportLost: true),
            (_, { Reason: "DeadlineExceeded" } condition, _) => Failure("DeadlineExceeded", condition.Message ?? "the run took longer than spec.activeDeadlineSeconds"),
            (_, { } condition, null) => Failure(condition.Reason ?? "JobFailed", condition.Message ?? "the job failed, its pods are gone"),
            (_, { }, { } last) => Crash(last),
            (_, null, { } last) when IsFinal(last) => Crash(last),
            _ => Active,
        };
    }

    /// <summary>How the last try ended that the job did not accept as the end; null when there was none.</summary>
    public static string? LastFailure(V1Job job, IEnumerable<V1Pod> pods) => Ended(job, pods).LastOrDefault() is { ExitCode: not 0 } last ? Crash(last).Message : null;

    public static bool IsFinished(V1Job job) => Condition(job, "Complete") is not null || Condition(job, "Failed") is not null;

    private static V1JobCondition? Condition(V1Job job, string type) =>
        job.Status?.Conditions?.FirstOrDefault(condition => condition.Type == type && condition.Status == "True");

    private static List<V1ContainerStateTerminated> Ended(V1Job job, IEnumerable<V1Pod> pods) =>
        [.. pods.Where(pod => pod.IsControlledBy(job)).Select(Terminated).OfType<V1ContainerStateTerminated>().OrderBy(state => state.FinishedAt)];

    private static V1ContainerStateTerminated? Terminated(V1Pod pod) =>
        pod.Status?.ContainerStatuses?.FirstOrDefault(status => status.Name == TrainingJob.Container)?.State?.Terminated;

    private static JobReading Success(V1ContainerStateTerminated ended)
    {
        var report = TrainerReport.Parse(ended.Message);
        if (report is null)
        {
            return Failure("NoModelReported", "the trainer ended with exit code 0 but left no report in its termination message, so there is no model to trust");
        }

        return report.FindFlaw() is { } flaw
            ? Failure("NoModelReported", $"the trainer ended with exit code 0 but its report names no model: {flaw}")
            : new(report.Outcome, report.Outcome!, report.Message ?? "", report);
    }

    private static JobReading Crash(V1ContainerStateTerminated ended)
    {
        if (ended.Reason == "OOMKilled")
        {
            return Failure("OOMKilled", "the trainer needed more memory than spec.trainer.resources.limits.memory (1Gi unless set)");
        }

        if (TrainerReport.Parse(ended.Message) is { } report)
        {
            return Failure(report.ReasonOr("TrainerFailed"), report.Message ?? $"the trainer ended with exit code {ended.ExitCode}");
        }

        var lastWords = string.IsNullOrWhiteSpace(ended.Message) ? " without a message" : $": {PodTrouble.LastLine(ended.Message)}";
        return Failure(ended.ExitCode == BadInput ? "BadInput" : "TrainerFailed", $"the trainer ended with exit code {ended.ExitCode}{lastWords}");
    }

    private static bool IsFinal(V1ContainerStateTerminated ended) =>
        ended.ExitCode == BadInput || TrainerReport.Parse(ended.Message) is { Outcome: "Failed", Retriable: false };

    private static JobReading Failure(string reason, string message) => new(RunState.Failed, reason, message);
}
