using IrisOperator.Operator.Training.Steps;

namespace IrisOperator.Operator.Training;

/// <summary>What is recorded of a training: its runs, oldest first, and how each step that follows them ended last, or goes on.</summary>
public sealed record TrainingHistory(
    IReadOnlyList<TrainingRun> Runs, IReadOnlyList<TrainingStep> Steps, RetentionStatus? Retention)
{
    public TrainingRun? Last => Runs.Count == 0 ? null : Runs[^1];

    /// <summary>The newest whose model is good and can be served.</summary>
    public TrainingRun? Accepted => Runs.LastOrDefault(run => run is { State: RunState.Accepted, Servable: not false });

    /// <summary>At most one goes on.</summary>
    public TrainingStep? Running => Steps.FirstOrDefault(step => step.State == StepState.Running);

    /// <summary>Name of the Job of the run or step that goes on; null while nothing does.</summary>
    public string? JobName => Last is { State: RunState.Running } run ? run.JobName : Running?.JobName;

    /// <summary>The end of a message about a run that is not accepted; empty where none was.</summary>
    public string StillAccepted => Accepted is { } accepted ? $"; {Describe(accepted)} stays the accepted one" : "";

    /// <summary>Steps of a newer operator, which was taken back, are forgotten.</summary>
    public static TrainingHistory Of(IrisTraining training) => new(
        training.Status?.Runs ?? [],
        [.. (training.Status?.Steps ?? []).Where(step => FollowUp.Find(step.Task) is not null)],
        training.Status?.Retention);

    /// <summary>Of the newest run that has an image; null when none has.</summary>
    public static Publication? NewestImage(IReadOnlyList<TrainingRun>? runs) =>
        runs?.LastOrDefault(run => run.Publication?.Digest is not null)?.Publication;

    /// <summary>Such as: run 3 (accuracy 0.9533, sha256:0123456789ab).</summary>
    public static string Describe(TrainingRun run)
    {
        var accuracy = run.Metrics?.GetValueOrDefault("accuracy") is { } value ? $"accuracy {value}" : null;
        var known = string.Join(", ", new[] { accuracy, Names.ShortDigest(run.ModelDigest) }.OfType<string>());
        return known.Length == 0 ? $"run {run.Number}" : $"run {run.Number} ({known})";
    }

    public TrainingStep? Step(string task) => Steps.FirstOrDefault(step => step.Task == task);

    /// <summary>With a run in the place of the one with its number, or after all others.</summary>
    public TrainingHistory With(TrainingRun run) =>
        this with { Runs = [.. Runs.Where(one => one.Number != run.Number).Append(run).OrderBy(one => one.Number)] };

    /// <summary>With a step in the place of the one of its task.</summary>
    public TrainingHistory With(TrainingStep step) =>
        this with { Steps = [.. Without(step.Task).Steps.Append(step).OrderBy(one => one.Task, StringComparer.Ordinal)] };

    public TrainingHistory Without(string task) => this with { Steps = [.. Steps.Where(step => step.Task != task)] };

    /// <summary>The newest runs up to the limit; the newest accepted one always stays, because models are served from it.</summary>
    public TrainingHistory Trim(int limit) =>
        this with { Runs = [.. Runs.Where((run, index) => index >= Runs.Count - limit || run == Accepted)] };
}
