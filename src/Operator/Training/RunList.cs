using IrisOperator.Operator.Training.Steps;

namespace IrisOperator.Operator.Training;

/// <summary>The recorded runs: how they are told to the user, which are kept, and which jobs may go.</summary>
public static class RunList
{
    private const int KeptJobs = 3;
    private const int DigestDigits = 12;

    public static bool IsFinal(TrainingRun run) => run.State != RunState.Running;

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

    /// <summary>The newest runs up to the limit; the newest accepted one always stays, because models are served from it.</summary>
    public static IReadOnlyList<TrainingRun> Trim(IReadOnlyList<TrainingRun> runs, int limit)
    {
        var accepted = runs.LastOrDefault(run => run.State == RunState.Accepted);
        return [.. runs.Where((run, index) => index >= runs.Count - limit || run == accepted)];
    }

    /// <summary>In the place of the one with its number.</summary>
    public static IReadOnlyList<TrainingRun> Replace(IReadOnlyList<TrainingRun> runs, TrainingRun run) =>
        [.. runs.Select(one => one.Number == run.Number ? run : one)];

    public static IReadOnlyList<TrainingRun> ReplaceLast(IReadOnlyList<TrainingRun> runs, TrainingRun run) => [.. runs.SkipLast(1), run];

    /// <summary>Jobs that serve no purpose: still going on though their end is recorded, or finished long ago.</summary>
    public static IEnumerable<PlanStep> CleanUp(TrainingSeen seen)
    {
        var status = seen.Training.Status;
        (string? JobName, bool Failed)[] steps =
        [
            (status?.Rebase?.JobName, status?.Rebase?.State == StepState.Failed),
            (status?.Retention?.JobName, status?.Retention?.State == StepState.Failed),
            .. seen.Runs.TakeLast(KeptJobs).Select(run => (run.Publication?.JobName, run.Publication?.State == PublicationState.Failed)),
        ];
        var recent = seen.Runs.TakeLast(KeptJobs).Select(run => run.JobName).Concat(steps.Select(step => step.JobName)).ToHashSet();
        var ending = steps.Where(step => !step.Failed).Select(step => step.JobName).ToHashSet();
        foreach (var job in seen.Jobs.Where(job => job.IsControlledBy(seen.Training) && job.Metadata.DeletionTimestamp is null))
        {
            var run = seen.Runs.FirstOrDefault(candidate => candidate.JobName == job.Metadata.Name);
            var isUseless = JobState.IsFinished(job)
                ? !recent.Contains(job.Metadata.Name)
                : run is null
                    ? !ending.Contains(job.Metadata.Name)
                    : run is { State: RunState.Failed or RunState.Superseded };
            if (isUseless)
            {
                yield return new DeleteStep<V1Job>(job.Key(), job.Metadata.Uid);
            }
        }
    }
}
