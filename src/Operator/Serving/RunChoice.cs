namespace IrisOperator.Operator.Serving;

/// <summary>Which run of a training is served.</summary>
/// <param name="Run">Null while no run is known, and where the image holds the model.</param>
/// <param name="Problem">Why the training has no such run; <paramref name="Run"/> is then what status.model recorded, if anything.</param>
internal sealed record RunChoice(ServedModel? Run, Problem? Problem = null)
{
    public static RunChoice Select(IrisModel model, IrisTraining? training)
    {
        if (model.Spec.Model?.TrainingRef is not { } reference)
        {
            return new(Run: null);
        }

        var accepted = training?.Status?.Runs?.LastOrDefault(run =>
            run is { State: RunState.Accepted, Servable: not false } && (reference.Run is null || run.Number == reference.Run));
        return accepted is null
            ? new(Recorded(model.Status?.Model, reference), Missing(reference, training))
            : new(Describe(reference, accepted));
    }

    private static ServedModel Describe(TrainingReference reference, TrainingRun run) => new()
    {
        Training = reference.Name,
        Run = run.Number,
        Source = $"{reference.Name}/{run.Number}",
        Digest = run.ModelDigest,
        Accuracy = run.Metrics?.GetValueOrDefault("accuracy"),
        ClaimName = run.ClaimName,
        ClaimAccessMode = run.ClaimAccessMode,
        Path = run.ModelPath,
    };

    // Claim and model outlive the training and its history. A status of an older operator lacks the claim.
    private static ServedModel? Recorded(ServedModel? served, TrainingReference reference) =>
        served is { ClaimName: not null, Path: not null } && served.Training == reference.Name
        && (reference.Run is null || served.Run == reference.Run)
            ? served
            : null;

    private static Problem Missing(TrainingReference reference, IrisTraining? training)
    {
        if (training is null)
        {
            return new(
                Reasons.TrainingNotFound,
                $"spec.model.trainingRef.name: there is no IrisTraining \"{reference.Name}\" in this namespace",
                true);
        }

        if (reference.Run is not { } number)
        {
            var ready = training.Status?.Conditions.Find(ConditionTypes.Ready);
            var why = ready is null ? "it has not been reconciled yet" : $"{ready.Reason}: {ready.Message}";
            var isStalled = training.Status?.Conditions.Find(ConditionTypes.Stalled) is not null;
            return new(Reasons.NoAcceptedRun, $"IrisTraining \"{reference.Name}\" has no accepted run: {why}", isStalled);
        }

        return training.Status?.Runs?.FirstOrDefault(run => run.Number == number) switch
        {
            { State: RunState.Accepted } unservable => new(
                Reasons.NotServable,
                $"spec.model.trainingRef.run: run {number} of IrisTraining \"{reference.Name}\": {unservable.Message}",
                true),
            { } found => new(
                Reasons.RunNotAccepted,
                $"spec.model.trainingRef.run: run {number} of IrisTraining \"{reference.Name}\" is {found.State}, not Accepted",
                found.State != RunState.Running),
            null => new(
                Reasons.RunNotFound, $"spec.model.trainingRef.run: IrisTraining \"{reference.Name}\" has no run {number} on record", true),
        };
    }
}
