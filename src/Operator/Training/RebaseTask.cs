using IrisOperator.Operator.Training.Desired;

namespace IrisOperator.Operator.Training;

/// <summary>Publishes the newest accepted model again when its base means another image.</summary>
/// <remarks>
/// The job asks the registry itself what the base means, for what the operator knows may be a minute old. So a base that was noticed too
/// late costs a job that changes nothing, and never takes an image back to an older base.
/// </remarks>
internal sealed class RebaseTask : IUpkeepTask
{
    public string Name => UpkeepTask.Rebase;

    public Upkeep? Due(TrainingContext context)
    {
        if (Published(context) is not { } run
            || context.Seen.Base?.Found is not { Digest: var digest } || digest == run.Publication!.BaseDigest)
        {
            return null;
        }

        var last = context.Training.Status?.Rebase;
        return last is not null
            && (last.Run, last.BaseDigest, last.Generation) == (run.Number, digest, context.Training.Metadata.Generation)
            ? null
            : new Upkeep { Task = Name, JobName = UpkeepRules.JobName(context, Name, digest), Run = run.Number, Cause = digest };
    }

    public bool IsWanted(TrainingContext context, Upkeep upkeep) => Published(context)?.Number == upkeep.Run;

    public V1Job Build(TrainingContext context, Upkeep upkeep) =>
        UpkeepJob.Rebase(context.Training, upkeep.JobName, Published(context)!, context.Options);

    public TrainingDecision End(TrainingContext context, Upkeep upkeep, UpkeepReading reading)
    {
        var run = Published(context)!;
        var end = PublishReport.End(run.Publication!, PublishReport.Parse(reading.Report), reading.Otherwise);
        var state = end.State switch
        {
            PublicationState.Failed => UpkeepState.Failed,
            PublicationState.Skipped => UpkeepState.Skipped,
            _ => UpkeepState.Succeeded,
        };
        var ended = new RebaseStatus
        {
            State = state,
            Run = run.Number,
            BaseDigest = upkeep.Cause,
            Generation = upkeep.Generation,
            JobName = upkeep.JobName,
            Reason = end.Reason,
            Message = end.Message,
            Time = context.Now,
        };
        var runs = state == UpkeepState.Succeeded
            ? context.Seen.Runs.Select(one => one == run ? run with { Publication = end } : one).ToList()
            : context.Seen.Runs;
        var note = state == UpkeepState.Succeeded
            ? new EventNote(
                "Rebased",
                $"{end.Repository}:{end.Version} has the model of {RunList.Describe(run)} on {RunList.ShortDigest(end.BaseDigest)}",
                Name)
            : new EventNote(
                end.Reason ?? "RebaseSkipped",
                $"{end.Repository}:{run.Publication!.Version} stays on its base: {end.Message}",
                Name,
                IsWarning: state == UpkeepState.Failed);

        // How things stand now is for the rules about an ended run to say.
        var training = context.Training with { Status = context.Training.Status! with { Runs = runs } };
        var after = context with { Seen = context.Seen with { Training = training } };
        return UpkeepRules.AsBefore(after) with
        {
            Runs = runs,
            Upkeep = UpkeepRecord.Of(context.Training) with { Running = null, Rebase = ended },
            Events = [note],
        };
    }

    /// <summary>The condition Rebased, where the spec asks for it.</summary>
    public static void Describe(TrainingContext context, Publication? publication, UpkeepRecord upkeep, ConditionList conditions)
    {
        var view = context.Seen.Base;
        if (upkeep.Running is null && view == ImageView.Pending && conditions.TryKeep(ConditionTypes.Rebased))
        {
            // A new process has not asked yet.
            return;
        }

        var target = view?.Found is { } found ? found.Version ?? RunList.ShortDigest(found.Digest) : null;
        _ = (publication, upkeep) switch
        {
            ({ Version: null } or null, _) =>
                conditions.Set(ConditionTypes.Rebased, null, "NothingPublished", "there is no image yet that could get another base"),
            (_, { Running: { Task: UpkeepTask.Rebase } running }) => conditions.Set(
                ConditionTypes.Rebased,
                false,
                "Rebasing",
                running.Message ?? $"the model of run {running.Run} is being published on {RunList.ShortDigest(running.Cause)}"),
            _ when context.Spec.Suspend == true =>
                conditions.Set(ConditionTypes.Rebased, null, "Suspended", "the base is not followed while spec.suspend is true"),
            _ when view is null => conditions.Set(ConditionTypes.Rebased, true, "FixedBase", "the base is one image, which never changes"),
            _ when view.Found?.Digest == publication.BaseDigest => conditions.Set(
                ConditionTypes.Rebased, true, "UpToDate", $"{publication.Version} stands on what the base means now ({target})"),
            (_, { Rebase: { State: not UpkeepState.Succeeded } last }) when last.BaseDigest == view.Found?.Digest => conditions.Set(
                ConditionTypes.Rebased, false, last.Reason ?? last.State, last.Message ?? "the publisher said nothing"),
            _ when view.Found is null => conditions.Set(
                ConditionTypes.Rebased,
                null,
                view.Problem?.Reason ?? "ResolvingVersion",
                view.Problem?.Message ?? "asking the registry what the base means"),
            _ => conditions.Set(ConditionTypes.Rebased, false, "Outdated", $"the base means {target} now"),
        };
    }

    /// <summary>
    /// What to remember of the last rebase: a failure for a base that is none any more may be tried again when it comes back.
    /// </summary>
    public static RebaseStatus? Remember(TrainingContext context, Publication? publication, RebaseStatus? last) =>
        last is not null && context.Seen.Base?.Found?.Digest is { } digest
        && digest == publication?.BaseDigest && last.BaseDigest != digest
            ? null
            : last;

    // The newest accepted run, if it is where the spec publishes now: in its repository and series.
    private static TrainingRun? Published(TrainingContext context) =>
        context.Spec.Publish is { Rebase: true } publish
        && context.Seen.LastAccepted is { Publication: { Version: { } version } image } run
        && image.Repository == publish.Repository
        && version.StartsWith($"{publish.Version}.", StringComparison.Ordinal)
            ? run
            : null;
}

/// <summary>Which serving image a training's publications stand on, as far as it may come to mean another one.</summary>
internal static class PublicationBase
{
    /// <summary>
    /// What a registry has to be asked; null where nobody wants to know, or the base is one image for ever. The installation's own
    /// server is an exact version, which an upgrade of the operator replaces.
    /// </summary>
    public static ImageSelection? SelectionOf(IrisTraining training, OperatorOptions options) => Followed(training) switch
    {
        null => null,
        { Base: null } => OfInstallation(options) is { Digest: null, Tag: { } tag } image && IsExact(tag.Text)
            ? new ImageSelection(image.Repository.ToString(), tag.Text)
            : null,
        { Base: var image } => IsRange(image) ? new ImageSelection(image.Repository, image.Version) : null,
    };

    /// <summary>What the base means where no registry has to be asked for it; null where it cannot come to mean anything else.</summary>
    public static ImageView? FixedView(IrisTraining training, OperatorOptions options) =>
        Followed(training) is not { Base: null } ? null : OfInstallation(options) switch
        {
            { Digest: { } digest } => new ImageView(new FoundImage(null, digest.ToString())),
            { Tag: { } tag } when IsExact(tag.Text) => null,
            _ => new ImageView(null, new ImageProblem(
                "BaseNotFollowed",
                $"the server that the operator was installed with, {options.ServingImage}, is named neither by a semantic version "
                + "nor by a digest",
                NeedsUser: true)),
        };

    private static PublishSpec? Followed(IrisTraining training) =>
        training.Spec is { Publish: { Rebase: true } publish } && training.Spec.Suspend != true ? publish : null;

    private static ImageReference? OfInstallation(OperatorOptions options) =>
        ImageReference.TryParse(options.ServingImage, out var image, out _) ? image : null;

    private static bool IsExact(string version) => VersionRange.TryParse(version, out var range, out _) && range.IsExact;

    private static bool IsRange(BaseImageSpec image) => RepositoryName.TryParse(image.Repository, out _, out _)
        && !ImageVersion.IsDigest(image.Version) && VersionRange.TryParse(image.Version, out var range, out _) && !range.IsExact;
}
