namespace IrisOperator.Operator.Training;

/// <summary>How a job of one container ended, as far as it and its pods tell.</summary>
/// <param name="HasEnded">Nothing more will come of it.</param>
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
