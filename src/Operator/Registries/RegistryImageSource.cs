using IrisOperator.Registry.Authentication;
using IrisOperator.Registry.Images;

namespace IrisOperator.Operator.Registries;

/// <summary>Resolves versions by the OCI distribution protocol.</summary>
/// <param name="clientFor">Called for each poll, so that credentials may be rotated.</param>
public sealed class RegistryImageSource(Func<RegistryClient> clientFor) : IImageSource
{
    private static readonly RegistryProblem[] _transient =
        [RegistryProblem.Unreachable, RegistryProblem.RateLimited, RegistryProblem.ServerError, RegistryProblem.TooSlow];

    public async Task<IReadOnlyDictionary<string, ImageView>> GetVersionsAsync(
        string repository, IReadOnlyCollection<string> versions, IReadOnlyDictionary<string, FoundImage> known,
        CancellationToken cancellationToken)
    {
        try
        {
            var client = clientFor();
            var name = RepositoryName.Parse(repository);
            var ranges = versions.ToDictionary(version => version, VersionRange.Parse);
            var (candidates, passedOver) = await CandidatesAsync(client, name, ranges, cancellationToken);
            var asked = new Dictionary<Tag, FoundImage?>();
            var answers = new Dictionary<string, ImageView>();
            foreach (var (version, tags) in candidates)
            {
                FoundImage? found = null;
                foreach (var tag in tags.TakeWhile(_ => found is null))
                {
                    found = asked.TryGetValue(tag, out var before)
                        ? before
                        : asked[tag] = await FindAsync(client, name.With(tag), tag, known, cancellationToken);
                }

                answers[version] = new ImageView(found, PassedOver: ranges[version].IsExact ? null : passedOver);
            }

            if (answers.Values.Any(answer => answer.Found is null) && ranges.Values.All(range => range.IsExact))
            {
                await RequireAsync(client, name, cancellationToken);
            }

            return answers;
        }
        catch (RegistryException error)
        {
            throw new ImageSourceException(ProblemOf(repository, error), _transient.Contains(error.Problem), error.RetryAfter, error);
        }
    }

    // Asked for one of its versions, a registry says of a missing repository what it says of a missing version.
    private static async Task RequireAsync(RegistryClient client, RepositoryName repository, CancellationToken cancellationToken)
    {
        await using var tags = client.ListTagsAsync(repository, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await tags.MoveNextAsync();
    }

    private static Problem ProblemOf(string repository, RegistryException error) => error.Problem == RegistryProblem.NotFound
        ? new(
            Reasons.RepositoryNotFound,
            $"{repository} does not exist, or the credentials of the installation may not see it",
            RequiresUserAction: true)
        : new($"Registry{error.Problem}", error.Message, !_transient.Contains(error.Problem));

    // An exact version is asked for by its name. For all others together there is one pass over the tags that keeps but the best of each.
    private static async Task<(Dictionary<string, IEnumerable<Tag>> Candidates, string? PassedOver)> CandidatesAsync(
        RegistryClient client, RepositoryName repository, Dictionary<string, VersionRange> ranges, CancellationToken cancellationToken)
    {
        var best = new Dictionary<string, VersionedTag>();
        var (passedOver, example) = (0, "");
        if (ranges.Values.Any(range => !range.IsExact))
        {
            await foreach (var tag in client.ListTagsAsync(repository, cancellationToken))
            {
                if (!VersionedTag.TryParse(tag, out var versioned))
                {
                    if (VersionedTag.LooksLikeVersion(tag))
                    {
                        // The same example in whatever order the registry lists its tags.
                        passedOver++;
                        example = string.CompareOrdinal(tag.Text, example) > 0 ? tag.Text : example;
                    }

                    continue;
                }

                foreach (var (version, _) in ranges.Where(entry => !entry.Value.IsExact && entry.Value.Contains(versioned)))
                {
                    best[version] = best.TryGetValue(version, out var before) && before > versioned ? before : versioned;
                }
            }
        }

        var candidates = ranges.ToDictionary(
            entry => entry.Key,
            entry => (entry.Value.IsExact ? entry.Value.ExactTags : best.TryGetValue(entry.Key, out var highest) ? [highest] : [])
                .Select(tag => tag.Tag));
        return (candidates, passedOver == 0 ? null : $"{passedOver} {(passedOver == 1 ? "tag was" : "tags were")} passed over as no "
            + $"semantic version, for example {example}: {VersionedTag.Validate(Tag.Parse(example))}");
    }

    private static async Task<FoundImage?> FindAsync(
        RegistryClient client, ImageReference image, Tag tag, IReadOnlyDictionary<string, FoundImage> known,
        CancellationToken cancellationToken)
    {
        if (await client.HeadManifestAsync(image, cancellationToken) is not { } descriptor)
        {
            return null;   // Deleted since it was listed.
        }

        var digest = descriptor.Digest.ToString();
        if (known.TryGetValue(digest, out var before))
        {
            return before with { Version = tag.Text };
        }

        var manifest = await client.GetManifestAsync(image.Repository.With(descriptor.Digest), cancellationToken);
        return new FoundImage(tag.Text, digest, LineageReader.Read(ImageAnnotations.Read(manifest)));
    }
}

/// <summary>Reads the annotations of docs/spec/image.md. Nothing in an image is trusted.</summary>
internal static class LineageReader
{
    private const int MaxValue = 512;
    private const int MaxMetrics = 20;

    /// <returns>Null for an image that says nothing of a model.</returns>
    public static ImageLineage? Read(IReadOnlyDictionary<string, string> annotations)
    {
        string? Value(string name) => annotations.TryGetValue(name, out var text) && text.Length is > 0 and <= MaxValue ? text : null;
        return Value(ImageAnnotation.ModelDigest) is not { } modelDigest ? null : new ImageLineage
        {
            ModelDigest = modelDigest,
            DatasetDigest = Value(ImageAnnotation.DatasetDigest),
            Training = Value(ImageAnnotation.Training),
            TrainingUid = Value(ImageAnnotation.TrainingUid),
            Trainer = Value(ImageAnnotation.Trainer),
            TrainerDigest = Value(ImageAnnotation.TrainerDigest),
            Seed = Value(ImageAnnotation.Seed),
            Metrics = Metrics(annotations, Value),
            Base = Value(ImageAnnotation.BaseName),
            BaseDigest = Value(ImageAnnotation.BaseDigest),
        };
    }

    private static SortedDictionary<string, string>? Metrics(IReadOnlyDictionary<string, string> annotations, Func<string, string?> value)
    {
        var metrics = annotations
            .Where(annotation => annotation.Key.StartsWith(ImageAnnotation.MetricPrefix, StringComparison.Ordinal)
                && value(annotation.Key) is not null)
            .Take(MaxMetrics)
            .ToDictionary(annotation => annotation.Key[ImageAnnotation.MetricPrefix.Length..], annotation => value(annotation.Key)!);
        return metrics.Count == 0 ? null : new SortedDictionary<string, string>(metrics, StringComparer.Ordinal);
    }
}

/// <summary>The client with the installation's credentials. It is kept, and with it its tokens, until the credentials change.</summary>
/// <param name="credentialsFile">As docker writes it; null without.</param>
public sealed class RegistryClients(RegistryTransport transport, string? credentialsFile)
{
    public static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private byte[] _read = [];
    private RegistryClient? _client;

    /// <exception cref="RegistryException">The file cannot be read, or is not what docker writes.</exception>
    public RegistryClient Get()
    {
        try
        {
            var content = credentialsFile is null ? [] : File.ReadAllBytes(credentialsFile);
            lock (_gate)
            {
                if (_client is null || !content.AsSpan().SequenceEqual(_read))
                {
                    var credentials = credentialsFile is null
                        ? RegistryCredentials.None
                        : RegistryCredentials.FromDockerConfig(content);
                    _client = new RegistryClient(transport, credentials);
                    _read = content;
                }

                return _client;
            }
        }
        catch (Exception error) when (error is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new RegistryException(
                RegistryProblem.Unauthorized, $"the credentials in {credentialsFile} cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Calls back after each change of the file within <see cref="CheckEvery"/>, until cancelled.</summary>
    public async Task WatchAsync(Action changed, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(CheckEvery, time);
        var before = ReadOrEmpty();
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            var now = ReadOrEmpty();
            if (!now.AsSpan().SequenceEqual(before))
            {
                before = now;
                changed();
            }
        }
    }

    private byte[] ReadOrEmpty()
    {
        try
        {
            return credentialsFile is null ? [] : File.ReadAllBytes(credentialsFile);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The next poll reports it.
            return [];
        }
    }
}
