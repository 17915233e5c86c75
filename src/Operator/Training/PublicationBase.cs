namespace IrisOperator.Operator.Training;

/// <summary>Which serving image a training's publications stand on, as far as the name may resolve to another digest.</summary>
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

    /// <summary>What the base resolves to where no registry has to be asked; null where that never changes.</summary>
    public static ImageView? FixedView(IrisTraining training, OperatorOptions options) =>
        Followed(training) is not { Base: null } ? null : OfInstallation(options) switch
        {
            { Digest: { } digest } => new ImageView(new FoundImage(null, digest.ToString())),
            { Tag: { } tag } when IsExact(tag.Text) => null,
            _ => new ImageView(null, new Problem(
                Reasons.BaseNotFollowed,
                $"the server that the operator was installed with, {options.ServingImage}, is named neither by a semantic version "
                + "nor by a digest",
                RequiresUserAction: true)),
        };

    private static PublishSpec? Followed(IrisTraining training) =>
        training.Spec is { Publish: { Rebase: true } publish } && training.Spec.Suspend != true ? publish : null;

    public static ImageReference? OfInstallation(OperatorOptions options) =>
        ImageReference.TryParse(options.ServingImage, out var image, out _) ? image : null;

    private static bool IsExact(string version) => VersionRange.TryParse(version, out var range, out _) && range.IsExact;

    private static bool IsRange(BaseImageSpec image) => RepositoryName.TryParse(image.Repository, out _, out _)
        && !ImageVersion.IsDigest(image.Version) && VersionRange.TryParse(image.Version, out var range, out _) && !range.IsExact;
}
