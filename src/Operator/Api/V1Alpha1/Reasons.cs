namespace IrisOperator.Operator.Api.V1Alpha1;

/// <summary>
/// Reasons of conditions and events that the operator gives itself, each explained in docs/spec. Part of the API, and no logic reads them.
/// </summary>
public static class Reasons
{
    // Of both kinds.
    public const string Suspended = nameof(Suspended);
    public const string SuspendedBySpec = nameof(SuspendedBySpec);
    public const string InvalidName = nameof(InvalidName);
    public const string InvalidSpec = nameof(InvalidSpec);
    public const string InternalError = nameof(InternalError);
    public const string NameConflict = nameof(NameConflict);
    public const string WaitingForDeletion = nameof(WaitingForDeletion);
    public const string QuotaExceeded = nameof(QuotaExceeded);
    public const string Forbidden = nameof(Forbidden);
    public const string ChildInvalid = nameof(ChildInvalid);
    public const string OOMKilled = nameof(OOMKilled);
    public const string BadInput = nameof(BadInput);
    public const string ResolvingVersion = nameof(ResolvingVersion);
    public const string NoMatchingVersion = nameof(NoMatchingVersion);
    public const string RepositoryNotFound = nameof(RepositoryNotFound);
    public const string PollFailed = nameof(PollFailed);

    // Of trainings.
    public const string Training = nameof(Training);
    public const string Publishing = nameof(Publishing);
    public const string Accepted = nameof(Accepted);
    public const string Rejected = nameof(Rejected);
    public const string Superseded = nameof(Superseded);
    public const string RunFailed = nameof(RunFailed);
    public const string TrainerFailed = nameof(TrainerFailed);
    public const string JobFailed = nameof(JobFailed);
    public const string DeadlineExceeded = nameof(DeadlineExceeded);
    public const string NoModelReported = nameof(NoModelReported);
    public const string DatasetClaimNotFound = nameof(DatasetClaimNotFound);
    public const string DatasetConfigMapNotFound = nameof(DatasetConfigMapNotFound);
    public const string JobSuspended = nameof(JobSuspended);
    public const string OutputClaimNotFound = nameof(OutputClaimNotFound);
    public const string ClaimTerminating = nameof(ClaimTerminating);
    public const string NoRun = nameof(NoRun);
    public const string NoRunJudged = nameof(NoRunJudged);
    public const string NothingPublished = nameof(NothingPublished);
    public const string PublisherFailed = nameof(PublisherFailed);
    public const string BaseNotFollowed = nameof(BaseNotFollowed);
    public const string FixedBase = nameof(FixedBase);
    public const string UpToDate = nameof(UpToDate);
    public const string Outdated = nameof(Outdated);
    public const string Rebasing = nameof(Rebasing);
    public const string Rebased = nameof(Rebased);
    public const string RebaseSkipped = nameof(RebaseSkipped);
    public const string Pruned = nameof(Pruned);
    public const string PrunedDryRun = nameof(PrunedDryRun);
    public const string PrunerFailed = nameof(PrunerFailed);
    public const string ModelsPruned = nameof(ModelsPruned);

    // Of models.
    public const string Serving = nameof(Serving);
    public const string ScaledToZero = nameof(ScaledToZero);
    public const string RollingOut = nameof(RollingOut);
    public const string RollingBack = nameof(RollingBack);
    public const string ProgressDeadlineExceeded = nameof(ProgressDeadlineExceeded);
    public const string ModelLoadFailed = nameof(ModelLoadFailed);
    public const string TrainingNotFound = nameof(TrainingNotFound);
    public const string NoAcceptedRun = nameof(NoAcceptedRun);
    public const string RunNotFound = nameof(RunNotFound);
    public const string RunNotAccepted = nameof(RunNotAccepted);

    public const string NotServable = nameof(NotServable);
    public const string Resolved = nameof(Resolved);
    public const string Canary = nameof(Canary);
    public const string CanaryPromoted = nameof(CanaryPromoted);
    public const string CanaryRejected = nameof(CanaryRejected);
    public const string CanaryUnmeasured = nameof(CanaryUnmeasured);
    public const string CanaryErrorRate = nameof(CanaryErrorRate);
}
