using IrisOperator.Operator.Training.Desired;

namespace IrisOperator.Operator.Training.Steps;

/// <summary>Publishes the newest accepted model where the spec says. It never trains, whatever becomes of the registry.</summary>
internal sealed class PublishStep(TrainingStep record) : FollowUp(record)
{
    // What fails in the same way until somebody acts, such as a wrong password, costs a Job each time; so it is rare in the end.
    private const int QuickTries = 30;
    private static readonly Backoff Quick = new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(20));
    private static readonly Backoff Slow = new(TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(5));

    public static DueStep? Due(TrainingContext context)
    {
        if (context.Spec.Publish is not { } publish || context.Seen.LastAccepted is not { } run)
        {
            return null;
        }

        var last = Publication.IsAt(publish, run.Publication) ? run.Publication : null;
        return last switch
        {
            { Version: not null } => null,
            { Retriable: false } when last.Generation == context.Training.Metadata.Generation => null,
            { Attempts: { } attempts, Time: { } time } when last.Generation == context.Training.Metadata.Generation =>
                Plan(context, StepTask.Publish, run.Number, Cause(publish), time + Delay(attempts)),
            _ => Plan(context, StepTask.Publish, run.Number, Cause(publish)),
        };
    }

    public override V1Job Build(TrainingContext context) =>
        PublicationJob.Publish(context.Training, Record.JobName, context.Seen.LastAccepted!, context.Options);

    /// <summary>A publication that is tried again stays as failed as it was, so that the status does not flap.</summary>
    public override TrainingDecision Waiting(TrainingContext context, string? message, StepProblem? problem)
    {
        var run = context.Seen.LastAccepted!;
        var waiting = base.Waiting(context, message, problem);
        var isOldNews = run != context.Last || Publication.IsAt(context.Spec.Publish!, run.Publication);
        return isOldNews ? waiting : waiting with
        {
            Situation = problem is null
                ? Standing.Publishing(run, context.Spec.Publish!, message)
                : Situation.Blocked(problem.NeedsUser, problem.Reason, $"publishing {RunList.Describe(run)}: {problem.Message}"),
        };
    }

    public override TrainingDecision End(TrainingContext context, JobState.Ended end)
    {
        var run = context.Seen.LastAccepted!;
        var publish = context.Spec.Publish!;
        var before = Publication.IsAt(publish, run.Publication) ? run.Publication : null;
        var report = StepReport.Parse(end.Container?.Message);
        var published = StepReport.Publication(
            new Publication { State = PublicationState.Failed, Repository = publish.Repository, Series = publish.Version },
            report,
            end.Explanation) with
        {
            JobName = Record.JobName,
            Generation = Record.Generation,
            Time = context.Now,
        };
        if (published.State == PublicationState.Failed)
        {
            var isSameSpec = before?.Generation == Record.Generation;
            published = published with { Retriable = report?.Retriable, Attempts = 1 + (isSameSpec ? before?.Attempts ?? 0 : 0) };
        }

        var runs = RunList.Replace(context.Seen.Runs, run with { Publication = published });
        return new TrainingDecision(Standing.Of(context, runs))
        {
            Runs = runs,
            Step = StepStatus.Of(context.Training) with { Running = null },
        };
    }

    protected override bool IsWanted(TrainingContext context) =>
        context.Spec.Publish is { } publish && Cause(publish) == Record.Cause && context.Seen.LastAccepted?.Number == Record.Run;

    private static string Cause(PublishSpec publish) => $"{publish.Repository} {publish.Version}";

    private static TimeSpan Delay(int attempts) =>
        attempts <= QuickTries ? Quick.Delay(attempts - 1) : Slow.Delay(attempts - QuickTries - 1);
}
