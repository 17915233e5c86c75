namespace IrisOperator.Operator.Training;

/// <summary>What decides what a run learns. As long as it stays the same there is nothing to run again.</summary>
/// <remarks>
/// Where the model goes does not count: that is the publication's. The operator's own default image does not either: an upgrade of the
/// operator must not train every model anew. Nor do limits and deadlines: they change whether a run succeeds, not what it learns, and
/// a failed run is repeated for any change of the spec.
/// </remarks>
public static class TrainingInputs
{
    public static string Hash(IrisTraining training)
    {
        var spec = training.Spec;
        return Names.Hash(16, [
            spec.Dataset.ClaimName, spec.Dataset.ConfigMapName, spec.Dataset.Path, spec.Dataset.Target,
            Algorithm(spec), .. Pairs(spec.Algorithm?.Parameters),
            Folds(spec).ToString(null, null), Seed(spec).ToString(null, null), .. Pairs(spec.Evaluation?.Require),
            spec.Trainer?.Image?.Repository, spec.Trainer?.Image?.Version, .. Program(spec.Trainer),
            OutputClaimName(training), training.GetAnnotation(Labels.Run),
            .. TaskArguments(spec), .. TableArguments(spec.Dataset), .. HoldoutArguments(spec), .. RefitArguments(spec),
        ]);
    }

    /// <summary>How a table is read, as options of the trainer. What is a default is left out, so that it never starts a run.</summary>
    public static IEnumerable<string> TableArguments(DatasetSource dataset) =>
    [
        .. Argument.Options(StepOption.Feature, dataset.Features ?? []),
        .. Argument.Options(StepOption.Exclude, dataset.Exclude ?? []),
        .. Argument.Options(StepOption.Categorical, dataset.Categorical ?? []),
        .. Argument.Options(StepOption.Column, dataset.Columns ?? []),
        .. Argument.Option(StepOption.Missing, dataset.Missing is DatasetSource.RefuseMissing ? null : dataset.Missing),
        .. Argument.Option(StepOption.Delimiter, dataset.Delimiter),
        .. Argument.Option(StepOption.Decimal, dataset.DecimalSign),
        .. Argument.Option(StepOption.Encoding, dataset.Encoding),
    ];

    // Nothing of a trainer without any, so that its runs stay those that they were.
    private static IEnumerable<string?> Program(TrainerSpec? trainer) =>
    [
        .. Argument.Options("command", trainer?.Command ?? []),
        .. Argument.Options("args", trainer?.Args ?? []),
        .. (trainer?.Env ?? []).SelectMany(variable =>
            new[] { "env", variable.Name, variable.Value, variable.ConfigMapKeyRef?.Name, variable.ConfigMapKeyRef?.Key }),
    ];

    public static string[] TaskArguments(IrisTrainingSpec spec) =>
        Argument.Option(StepOption.Task, spec.Task is null or IrisTrainingSpec.Classification ? null : spec.Task);

    public static string[] HoldoutArguments(IrisTrainingSpec spec) => spec.Evaluation?.Holdout is not { } holdout ? [] :
    [
        .. Argument.Option(StepOption.Holdout, holdout.Share),
        .. Argument.Option(StepOption.HoldoutColumn, holdout.Column),
        .. Argument.Option(StepOption.HoldoutOrder, holdout.OrderBy),
    ];

    public static string[] RefitArguments(IrisTrainingSpec spec) =>
        Argument.Option(StepOption.Refit, spec.Evaluation?.Holdout?.Refit is false ? "false" : null);

    /// <param name="retries">How many attempts of the run failed before.</param>
    public static string JobName(IrisTraining training, int number, string inputsHash, int retries = 0)
    {
        string?[] attempt = retries == 0 ? [] : [retries.ToString(null, null)];
        return $"{training.Metadata.Name}-"
            + Names.Hash(10, [training.Metadata.Uid, number.ToString(null, null), inputsHash, .. attempt]);
    }

    /// <summary>
    /// Hash of what spec.trainer says about the pod that trains. It is no input of a run: a Job that waits is made again by it.
    /// </summary>
    /// <returns>Null where it says nothing.</returns>
    public static string? PodHash(TrainerSpec? trainer)
    {
        // The image and its program are inputs, and pull secrets are compared with those of the installation.
        var hash = HashOf(trainer is null
            ? new()
            : trainer with { Image = null, Command = null, Args = null, Env = null, ImagePullSecrets = null });
        return hash == HashOf(new()) ? null : hash;

        static string HashOf(TrainerSpec spec) => AppliedObject.Hash(16, spec, ApiJsonContext.Default.TrainerSpec);
    }

    public static string OutputClaimName(IrisTraining training) => training.Spec.Output?.ClaimName ?? $"{training.Metadata.Name}-models";

    public static string Algorithm(IrisTrainingSpec spec) => spec.Algorithm?.Name ?? "xgboost";

    public static int Folds(IrisTrainingSpec spec) => spec.Evaluation?.Folds ?? 5;

    public static int Seed(IrisTrainingSpec spec) => spec.Evaluation?.Seed ?? 42;

    public static IEnumerable<KeyValuePair<string, string>> Sorted(IReadOnlyDictionary<string, string>? map) =>
        (map ?? new Dictionary<string, string>()).OrderBy(entry => entry.Key, StringComparer.Ordinal);

    private static IEnumerable<string> Pairs(IReadOnlyDictionary<string, string>? map) =>
        Sorted(map).SelectMany(entry => new[] { entry.Key, entry.Value }).Append("end");
}
