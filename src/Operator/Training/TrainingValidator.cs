namespace IrisOperator.Operator.Training;

/// <summary>
/// What is wrong with a spec in this installation as far as the operator can tell. Algorithms, parameters and data are the trainer's
/// to judge.
/// </summary>
public static class TrainingValidator
{
    public static IReadOnlyList<FieldError> Check(IrisTraining training, OperatorOptions options)
    {
        var spec = training.Spec;
        return
        [
            .. Dataset(spec.Dataset),
            .. Checks.Field("spec.task", spec.Task is null or IrisTrainingSpec.Classification or IrisTrainingSpec.Regression
                ? null
                : $"\"{spec.Task}\" is neither classification nor regression"),
            .. Algorithm(spec.Algorithm),
            .. Checks.Range("spec.evaluation.folds", spec.Evaluation?.Folds, 2, 100),
            .. Holdout(spec.Evaluation?.Holdout),
            .. Checks.Range("spec.evaluation.seed", spec.Evaluation?.Seed, 0),
            .. Require(spec.Evaluation?.Require, spec.Task, isOurs: spec.Trainer?.Image is null || UserTrainer.Has(spec.Trainer)),
            .. TrainerValidator.Check(spec.Trainer),
            .. UserTrainer.Check(spec.Trainer, spec.Algorithm),
            .. Output(spec.Output),
            .. Publish(spec.Publish, options),
            .. Checks.Range("spec.backoffLimit", spec.BackoffLimit, 0, 20),
            .. Checks.Range("spec.activeDeadlineSeconds", spec.ActiveDeadlineSeconds, 1),
            .. Checks.Range("spec.historyLimit", spec.HistoryLimit, 1, 100),
        ];
    }

    private static IEnumerable<FieldError> Holdout(HoldoutSpec? holdout) => holdout is null ? [] :
    [
        .. Checks.Field("spec.evaluation.holdout", (holdout.Share is null) == (holdout.Column is null)
            ? $"expected either share or column, found {(holdout.Share is null ? "neither" : "both")}"
            : null),
        .. Checks.Field("spec.evaluation.holdout.share", holdout.Share is not { } share
            || (double.TryParse(share, NumberStyles.Float, CultureInfo.InvariantCulture, out var part) && part is > 0 and < 1)
                ? null
                : $"must be a number above 0 and below 1, found \"{share}\""),
        .. Checks.Field("spec.evaluation.holdout.orderBy", holdout is { OrderBy: not null, Column: not null }
            ? "needs share, and no column"
            : null),
    ];

    private static IEnumerable<FieldError> Dataset(DatasetSource dataset) =>
    [
        .. Checks.Field("spec.dataset", (dataset.ClaimName is null) == (dataset.ConfigMapName is null)
            ? "exactly one of claimName and configMapName must be set"
            : null),
        .. Checks.Field("spec.dataset.path", dataset.Path is { } path && !IsInside(path)
            ? $"\"{path}\" must be relative to the volume, without \"..\""
            : null),
        .. Checks.ObjectName("spec.dataset.claimName", dataset.ClaimName),
        .. Checks.ObjectName("spec.dataset.configMapName", dataset.ConfigMapName),
        .. Table(dataset),
    ];

    private static IEnumerable<FieldError> Table(DatasetSource dataset) =>
    [
        .. ColumnNames("spec.dataset.features", dataset.Features),
        .. ColumnNames("spec.dataset.exclude", dataset.Exclude),
        .. ColumnNames("spec.dataset.categorical", dataset.Categorical),
        .. ColumnNames("spec.dataset.columns", dataset.Columns),
        .. Checks.Field("spec.dataset.features", dataset.Target is { } target && dataset.Features?.Contains(target) == true
            ? $"\"{target}\" is the target"
            : null),
        .. Checks.Field("spec.dataset.exclude", dataset.Features is not null && dataset.Exclude is not null
            ? "excludes features: all columns that features does not name are left out"
            : null),
        .. Checks.Field("spec.dataset.columns", (dataset.Header == false) == (dataset.Columns is not null)
            ? null
            : "names all columns where header is false, and is omitted otherwise"),
        .. Checks.Field("spec.dataset.delimiter", dataset.Delimiter is null or "tab" or [not ('"' or '\r' or '\n')]
            ? null
            : $"must be one character or the word tab, found \"{dataset.Delimiter}\""),
    ];

    private static IEnumerable<FieldError> ColumnNames(string path, IReadOnlyList<string>? names) =>
        from name in names ?? []
        group name by name into same
        let problem = same.Key.Length == 0 ? "a column has no name" : same.Count() > 1 ? $"\"{same.Key}\" is named twice" : null
        where problem is not null
        select new FieldError(path, problem);

    private static bool IsInside(string path) =>
        !path.Split('/').Any(part => part is "" or "." or "..") && !path.Any(char.IsControl);

    private static IEnumerable<FieldError> Algorithm(AlgorithmSpec? algorithm) =>
    [
        .. Checks.Field("spec.algorithm.name", algorithm?.Name == "" ? "must not be empty" : null),
        .. from name in algorithm?.Parameters?.Keys ?? []
           where name.Length == 0 || name.Contains('=', StringComparison.Ordinal)
           select new FieldError("spec.algorithm.parameters", $"\"{name}\" is not a parameter name"),
    ];

    // Another trainer may report other metrics.
    private static IEnumerable<FieldError> Require(IReadOnlyDictionary<string, string>? require, string? task, bool isOurs)
    {
        var isRegression = task == IrisTrainingSpec.Regression;
        string[] known = isRegression ? ["rmse", "mae", "r2"] : ["accuracy", "macroF1", "logLoss", "rocAuc"];
        return
            from entry in TrainingInputs.Sorted(require)
            let isKnown = known.Contains(entry.Key)
            let problem = isOurs && !isKnown
                ? $"there is no metric \"{entry.Key}\"; there are {string.Join(", ", known[..^1])} and {known[^1]}"
                : NumberProblem(entry.Value, isKnown ? entry.Key : "")
            where problem is not null
            select new FieldError($"spec.evaluation.require.{entry.Key}", problem);
    }

    private static string? NumberProblem(string text, string metric)
    {
        var (min, max, range) = metric switch
        {
            "accuracy" or "macroF1" or "rocAuc" => (0.0, 1.0, " from 0 to 1"),
            "logLoss" => (0.0, 100.0, " from 0 to 100"),
            "rmse" or "mae" => (0.0, double.MaxValue, " of 0 or above"),
            "r2" => (-1.0, 1.0, " from -1 to 1"),
            _ => (double.MinValue, double.MaxValue, ""),
        };
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max
            ? null
            : $"must be a number{range}, found \"{text}\"";
    }

    private static IEnumerable<FieldError> Publish(PublishSpec? publish, OperatorOptions options) => publish is null ? [] :
    [
        .. Checks.Field("spec.publish.repository", RepositoryName.TryParse(publish.Repository, out _, out var flaw)
            ? options.FindForbiddenRegistry(publish.Repository)
            : flaw),
        .. Checks.Field("spec.publish.version", VersionSeries.TryParse(publish.Version, out _, out flaw) ? null : flaw),
        .. ImageVersion.Check("spec.publish.base", publish.Base is { } image
            ? new ModelImageSpec { Repository = image.Repository, Version = image.Version }
            : null),
        .. publish.Base is { } named
            ? Checks.Field("spec.publish.base.repository", options.FindForbiddenRegistry(named.Repository))
            : Checks.Field("spec.publish.base", PublicationBase.OfInstallation(options) is { } server
                && options.FindForbiddenRegistry($"{server.Repository}") is { } forbidden
                    ? $"omitted, so {server} is the base: {forbidden}"
                    : null),
        .. Checks.Range("spec.publish.retain", publish.Retain, 1, 1000),
        .. Checks.ObjectName("spec.publish.secretName", publish.SecretName),
        .. Checks.ObjectName("spec.publish.caConfigMapName", publish.CaConfigMapName),
    ];

    private static IEnumerable<FieldError> Output(OutputSpec? output) => output is null ? [] :
    [
        .. Checks.Field("spec.output", output is { ClaimName: null } or { Size: null, StorageClassName: null, AccessMode: null }
            ? null
            : "claimName names an existing claim; it excludes size, storageClassName and accessMode"),
        .. Checks.Field("spec.output.size", output.Size is null || Quantity.Parse(output.Size) > 0
            ? null
            : $"\"{output.Size}\" is not a size such as 1Gi"),
        .. Checks.Field("spec.output.accessMode", output.AccessMode is null or "ReadWriteOnce" or "ReadWriteMany" or "ReadWriteOncePod"
            ? null
            : $"\"{output.AccessMode}\" is none of ReadWriteOnce, ReadWriteMany and ReadWriteOncePod"),
        .. Checks.ObjectName("spec.output.claimName", output.ClaimName),
        .. Checks.ObjectName("spec.output.storageClassName", output.StorageClassName),
    ];
}
