using IrisOperator.Registry.Images;

namespace IrisOperator.TrainerImage.Publishing;

/// <summary>Puts a model on its base and gives it the next version, unless the newest version has it already.</summary>
/// <remarks>
/// Guarantees: may be repeated after any failure, by this process or another, and makes one version, unless another has published
/// meanwhile: then another one, for what was published last is to be the newest.
/// Caveats: the schema is compared before anything is written, so of two publishers at the same moment with models of different
/// schemas both may pass.
/// </remarks>
internal sealed class ModelPublisher(RegistryClient client, PublishOptions options, ModelContent content)
{
    private const string Folder = "model";

    // What an attempt of ours stored; a later one may find it published.
    private Digest? _stored;

    /// <exception cref="RegistryException">Transient or not.</exception>
    /// <exception cref="SchemaChangedException">Only a higher major may hold this model.</exception>
    public async Task<StepReport> PublishAsync(CancellationToken cancellationToken)
    {
        var baseImage = await options.Base.ResolveAsync(client, cancellationToken);
        var versions = await PublishedVersions.ReadAsync(client, options.Repository, options.Series, cancellationToken);
        if (versions.Newest is { } newest && newest.Holds(baseImage.Digest!, content.ModelDigest))
        {
            return ReportOf(newest.Digest == _stored ? Outcome.Published : Outcome.Unchanged, newest.Tag, newest.Digest, baseImage.Digest!);
        }
        if (options.Rebase && versions.Newest?.Holds(content.ModelDigest) != true)
        {
            return Superseded(versions.Newest);
        }
        RequireSameSchema(versions);
        var image = await new ImageAppender(client).AppendAsync(baseImage, options.Repository, Change(), cancellationToken);
        _stored = image.Manifest.Digest;
        var published = await new ImagePublisher(client).PublishNextAsync(image, options.Series, cancellationToken);
        return ReportOf(Outcome.Published, published.Tag, published.Digest, image.BaseDigest);
    }

    // The series has another model by now: a new base is no reason to bring this one back.
    private StepReport Superseded(PublishedVersion? newest) => new()
    {
        Outcome = Outcome.Skipped,
        Repository = options.Repository.ToString(),
        ModelDigest = content.ModelDigest,
        Message = newest is null
            ? $"{options.Repository} has no version of {options.Series}, so there is none to rebase"
            : $"the newest version {options.Repository}:{newest.Tag} is not this model's, so it stays as it is",
    };

    private void RequireSameSchema(PublishedVersions versions)
    {
        if (versions.Described is { } version && InputSchema.Of(content.Model).DifferenceFrom(version.Schema!) is { } difference)
        {
            throw new SchemaChangedException(
                $"this model takes or answers something else than {options.Repository}:{version.Tag}: {difference}; "
                + $"callers of {options.Series.Major}.x would fail, so publish it as series {options.Series.Major + 1}.0 or higher");
        }
    }

    private ImageChange Change() => new()
    {
        Layer = TarLayer.Create(content.Files.Select(file => new LayerFile($"{Folder}/{file.Name}", file.Content))),
        Annotations = ModelAnnotations.Of(content, options.Annotations),
        Environment = new Dictionary<string, string>
        {
            [ServingVariable.ModelFolder] = $"/{Folder}",
            [ServingVariable.ModelDigest] = content.ModelDigest,
        },
    };

    private StepReport ReportOf(string outcome, Tag version, Digest digest, Digest baseDigest) => new()
    {
        Outcome = outcome,
        Repository = options.Repository.ToString(),
        Version = version.Text,
        Digest = digest.ToString(),
        ModelDigest = content.ModelDigest,
        BaseDigest = baseDigest.ToString(),
        Message = outcome == Outcome.Unchanged ? $"{options.Repository}:{version} has this model on this base already" : null,
    };
}

/// <summary>The model takes or answers something else than the version that its callers know; another major version may.</summary>
internal sealed class SchemaChangedException(string message) : Exception(message);
