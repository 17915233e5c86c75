namespace IrisOperator.Operator.Training;

/// <summary>
/// What is wrong with a spec as far as the operator can tell. Algorithms, parameters and data are the trainer's to judge.
/// </summary>
public static class TrainingValidator
{
    public static IReadOnlyList<FieldError> Check(IrisTraining training)
    {
        var spec = training.Spec;
        return
        [
            .. Checks.OwnerName(training.Metadata.Name ?? ""),
            .. Dataset(spec.Dataset),
            .. Algorithm(spec.Algorithm),
            .. Checks.Range("spec.evaluation.folds", spec.Evaluation?.Folds, 2, 100),
            .. Checks.Range("spec.evaluation.seed", spec.Evaluation?.Seed, 0),
            .. Require(spec.Evaluation?.Require),
            .. ExactImage.Check("spec.trainer.image", spec.Trainer?.Image),
            .. Checks.Resources("spec.trainer.resources", spec.Trainer?.Resources),
            .. Output(spec.Output),
            .. Publish(spec.Publish),
            .. Checks.Range("spec.backoffLimit", spec.BackoffLimit, 0, 20),
            .. Checks.Range("spec.activeDeadlineSeconds", spec.ActiveDeadlineSeconds, 1),
            .. Checks.Range("spec.historyLimit", spec.HistoryLimit, 1, 100),
        ];
    }

    private static IEnumerable<FieldError> Dataset(DatasetSource dataset)
    {
        if ((dataset.ClaimName is null) == (dataset.ConfigMapName is null))
        {
            yield return new("spec.dataset", "exactly one of claimName and configMapName must be set");
        }

        if (dataset.Path is { } path
            && (path.StartsWith('/') || path.Split('/').Any(part => part is "" or "." or "..") || path.Any(char.IsControl)))
        {
            yield return new("spec.dataset.path", $"\"{path}\" must be relative to the volume, without \"..\"");
        }

        foreach (var error in Checks.ObjectName("spec.dataset.claimName", dataset.ClaimName)
            .Concat(Checks.ObjectName("spec.dataset.configMapName", dataset.ConfigMapName)))
        {
            yield return error;
        }
    }

    private static IEnumerable<FieldError> Algorithm(AlgorithmSpec? algorithm)
    {
        if (algorithm?.Name is { Length: 0 })
        {
            yield return new("spec.algorithm.name", "must not be empty");
        }

        var names = (algorithm?.Parameters ?? new Dictionary<string, string>()).Keys;
        foreach (var name in names.Where(name => name.Length == 0 || name.Contains('=', StringComparison.Ordinal)))
        {
            yield return new("spec.algorithm.parameters", $"\"{name}\" is not a parameter name");
        }
    }

    private static IEnumerable<FieldError> Require(IReadOnlyDictionary<string, string>? require) =>
        from entry in TrainingInputs.Sorted(require)
        where !double.TryParse(entry.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value)
        select new FieldError($"spec.evaluation.require.{entry.Key}", $"\"{entry.Value}\" is not a number");

    private static IEnumerable<FieldError> Publish(PublishSpec? publish)
    {
        if (publish is null)
        {
            return [];
        }

        FieldError?[] errors =
        [
            RepositoryName.TryParse(publish.Repository, out _, out var repository) ? null : new("spec.publish.repository", repository),
            VersionSeries.TryParse(publish.Version, out _, out var series) ? null : new("spec.publish.version", series),
        ];
        return
        [
            .. errors.OfType<FieldError>(),
            .. ImageVersion.Check("spec.publish.base", publish.Base is { } image
                ? new ModelImageSpec { Repository = image.Repository, Version = image.Version }
                : null),
            .. Checks.Range("spec.publish.retain", publish.Retain, 1, 1000),
            .. Checks.ObjectName("spec.publish.secretName", publish.SecretName),
            .. Checks.ObjectName("spec.publish.caConfigMapName", publish.CaConfigMapName),
        ];
    }

    private static IEnumerable<FieldError> Output(OutputSpec? output)
    {
        if (output is { ClaimName: not null } and not { Size: null, StorageClassName: null, AccessMode: null })
        {
            yield return new("spec.output", "claimName names an existing claim; it excludes size, storageClassName and accessMode");
        }

        if (output?.Size is { } size && Quantity.Parse(size) is null or 0)
        {
            yield return new("spec.output.size", $"\"{size}\" is not a size such as 1Gi");
        }

        if (output?.AccessMode is { } mode and not ("ReadWriteOnce" or "ReadWriteMany" or "ReadWriteOncePod"))
        {
            yield return new("spec.output.accessMode", $"\"{mode}\" is none of ReadWriteOnce, ReadWriteMany and ReadWriteOncePod");
        }

        foreach (var error in Checks.ObjectName("spec.output.claimName", output?.ClaimName)
            .Concat(Checks.ObjectName("spec.output.storageClassName", output?.StorageClassName)))
        {
            yield return error;
        }
    }
}
