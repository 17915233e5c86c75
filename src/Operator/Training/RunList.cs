using IrisOperator.Operator.Training.Steps;

namespace IrisOperator.Operator.Training;

/// <summary>The recorded runs: how they are told to the user, and which jobs may go.</summary>
public static class RunList
{
    private const int KeptJobs = 3;
    private const int DigestDigits = 12;

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

    /// <summary>Jobs that serve no purpose: finished long ago, or still going on though their failure is recorded.</summary>
    internal static IEnumerable<PlanStep> CleanUp(ObservedTraining observed)
    {
        (string JobName, bool Failed)[] recorded =
        [
            .. observed.History.Runs.TakeLast(KeptJobs).Select(run => (run.JobName, run.State is RunState.Failed or RunState.Superseded)),
            .. observed.History.Steps.Select(step => (step.JobName, step.State == StepState.Failed)),
        ];
        return from job in observed.Jobs
               where job.IsControlledBy(observed.Training) && job.Metadata.DeletionTimestamp is null
               let known = recorded.FirstOrDefault(one => one.JobName == job.Metadata.Name)
               where known.JobName is null || (known.Failed && !JobState.IsFinished(job))
               select new DeleteStep<V1Job>(job.Key(), job.Metadata.Uid);
    }
}
