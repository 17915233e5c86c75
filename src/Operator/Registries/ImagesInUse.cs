namespace IrisOperator.Operator.Registries;

/// <summary>What of a repository must not be removed: whatever a model uses, remembers or may take next.</summary>
/// <remarks>
/// Too much is better than too little: the port of a registry does not count, and what cannot be read as an image is passed over.
/// </remarks>
internal static class ImagesInUse
{
    /// <param name="models">All that the operator sees, of any namespace.</param>
    /// <param name="trainings">The same; what they published last may be about to be taken.</param>
    /// <returns>Digests, versions and ranges, sorted and without repetitions.</returns>
    public static IReadOnlyList<string> Of(string repository, IEnumerable<IrisModel> models, IEnumerable<IrisTraining> trainings)
    {
        var wanted = Key(repository);
        return
        [
            .. models.SelectMany(model => Of(model, wanted))
                .Concat(trainings.SelectMany(training => Of(training, wanted)))
                .OfType<string>()
                .Where(IsReadable)
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];
    }

    // Of this repository alone: what a model takes from a mirror with another name is not known to be the same image.
    private static IEnumerable<string?> Of(IrisModel model, string? wanted)
    {
        var (spec, status) = (model.Spec.Image, model.Status);
        string?[] asked = spec is null || Key(spec.Repository) != wanted
            ? []
            : [spec.Version, spec.Pin, model.GetAnnotation(Labels.RollbackTo), status?.Image?.Candidate?.Digest];
        return
        [
            .. asked,
            .. IsOf(status?.Image?.Reference, wanted) ? [status?.Image?.Digest] : Array.Empty<string?>(),
            .. from served in status?.History ?? [] where IsOf(served.Reference, wanted) select served.Digest,
        ];
    }

    private static IEnumerable<string?> Of(IrisTraining training, string? wanted) =>
        Training.TrainingHistory.NewestImage(training.Status?.Runs) is { Version: { } version, Digest: { } digest } image
            && Key(image.Repository) == wanted
            ? [version, digest]
            : [];

    private static bool IsOf(string? reference, string? wanted) =>
        ImageReference.TryParse(reference, out var image, out _) && Key(image.Repository.ToString()) == wanted;

    private static string? Key(string repository) =>
        RepositoryName.TryParse(repository, out var name, out _) ? $"{name.Registry.Name}/{name.Path}" : null;

    private static bool IsReadable(string entry) =>
        ImageVersion.IsDigest(entry) ? Digest.TryParse(entry, out _) : VersionRange.TryParse(entry, out _, out _);
}
