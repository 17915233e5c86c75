using IrisOperator.Registry.Versions;
using static IrisOperator.TrainerImage.CommandOption;

namespace IrisOperator.TrainerImage.Publishing;

/// <summary>What the arguments and the environment ask for.</summary>
/// <param name="Folder">With a model, as a training leaves it.</param>
/// <param name="Rebase">True publishes only a model that is the newest of the series already, on whatever base.</param>
internal sealed record PublishOptions(
    string Folder, RepositoryName Repository, VersionSeries Series, BaseImage Base, bool Rebase,
    IReadOnlyDictionary<string, string> Annotations, RegistryAccess Access)
{
    private static readonly Option _repository = Value(StepOption.Repository, "REPO", "where versions go, such as registry.example/iris");
    private static readonly Option _series = Value(StepOption.Series, "MAJOR.MINOR", "1.0 gives 1.0.0, 1.0.1 and so on");
    private static readonly Option _base = Value(
        StepOption.Base, "REPO[:TAG|@DIGEST]", "the image that serves; with neither tag nor digest, --base-version says which");
    private static readonly Option _baseVersion =
        Value(StepOption.BaseVersion, "RANGE", "the highest version of --base within it, such as 1.x");
    private static readonly Option<bool> _rebase =
        Flag(StepOption.Rebase, "publish only what is the newest of the series already, on another base");
    private static readonly Option _annotation = Repeatable(StepOption.Annotation, "KEY=VALUE", "written on the image");

    public static IReadOnlyList<Option> All { get; } =
        [_repository, _series, _base, _baseVersion, _rebase, _annotation, .. RegistryAccess.All];

    /// <exception cref="InputException">An option is unknown, doubled, incomplete or wrong; it is named.</exception>
    public static PublishOptions Read(GivenOptions given)
    {
        var rebase = given.Flag(_rebase);
        if (given.Words() is not [var folder])
        {
            throw GivenOptions.Wrong($"expected <model folder>, found {given.Words().Count} such arguments; "
                + "to train on a folder called publish, write ./publish");
        }
        var options = new PublishOptions(
            folder,
            given.Required(_repository, RepositoryName.Parse),
            given.Required(_series, VersionSeries.Parse),
            given.Required(_base, text => BaseImage.Parse(text, given.Single(_baseVersion))),
            rebase,
            given.Pairs(_annotation),
            RegistryAccess.Read(given, retryTimeout: 600));
        return options.Annotations.Keys.FirstOrDefault(ModelAnnotations.IsOurs) is { } taken
            ? throw GivenOptions.Wrong($"{_annotation.Name}: {taken} is what this program writes itself")
            : options;
    }
}

/// <summary>Publishes the model of a folder.</summary>
internal sealed partial class PublishCommand(ProgramContext context) : TrainerCommand(
    context, StepCommand.Publish, "Publishes a trained model as the next version of an image: a base image and one layer with the model.",
    pending: "the model was published", ReasonOf, PublishOptions.All,
    Word("model folder", "as train leaves it; it is verified first. A run that was not accepted is not published"))
{
    public override string HelpEnd => $"""
        What the newest version of the series is already is not published again, and no version is ever overwritten.
        A model with other features or classes than the highest version of its major needs a higher major.

        {ExitCodes("published, unchanged or skipped", "registry away, disk, signal", "arguments, credentials, schema, a damaged model")}
        """;

    private static (string Reason, int ExitCode)? ReasonOf(Exception exception) => exception switch
    {
        SchemaChangedException => ("SchemaChanged", ExitCode.BadInput),
        ModelFormatException { InnerException: IOException and not (FileNotFoundException or DirectoryNotFoundException) } =>
            ("ModelNotReadable", ExitCode.MayBeRetried),
        ModelFormatException or GoldenSampleMismatchException => ("ModelNotVerified", ExitCode.BadInput),
        _ => RegistryAccess.ReasonOf(exception),
    };

    protected override async Task<StepReport> RunAsync(GivenOptions given, ILogger logger, CancellationToken cancellationToken)
    {
        var started = Time.GetTimestamp();
        var options = PublishOptions.Read(given);
        var credentials = options.Access.ReadCredentials();
        var content = ModelFolder.ReadContent(options.Folder);
        if (!content.Report.IsAccepted)
        {
            LogSkipped(logger, content.Report.Outcome);
            var why = content.Report.Message is { } message ? $": {message}" : "";
            return new StepReport
            {
                Outcome = Outcome.Skipped,
                Repository = options.Repository.ToString(),
                ModelDigest = content.ModelDigest,
                Message = $"the run was {content.Report.Outcome}{why}",
            };
        }
        content.Model.VerifyGoldenSamples();
        using var transport = new RegistryTransport(options.Access.Registries, Time);
        var publisher = new ModelPublisher(new RegistryClient(transport, credentials), options, content);
        var report = await options.Access.Retry(Time, logger).RunAsync(publisher.PublishAsync, cancellationToken);
        LogEnd(logger, report.Outcome, report.Repository, report.Version, report.Digest, Time.GetElapsedTime(started).TotalSeconds);
        return report;
    }

    [LoggerMessage(LogLevel.Information, "not published: the run was {Outcome}")]
    private static partial void LogSkipped(ILogger logger, string outcome);

    [LoggerMessage(LogLevel.Information, "{Outcome}: {Repository}:{Version}@{Digest}, {Seconds:F2} s")]
    private static partial void LogEnd(
        ILogger logger, string? outcome, string? repository, string? version, string? digest, double seconds);
}
