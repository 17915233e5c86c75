using IrisOperator.Registry.Authentication;
using Polly;
using Polly.Retry;
using static IrisOperator.TrainerImage.CommandOption;

namespace IrisOperator.TrainerImage.Publishing;

/// <summary>Options of all commands that access registries.</summary>
/// <param name="CredentialsFile">A .dockerconfigjson as a Secret is mounted; null: nobody. Its content goes into no message.</param>
/// <param name="RetryTimeout">How long transient failures are retried.</param>
internal sealed record RegistryAccess(RegistryOptions Registries, string? CredentialsFile, TimeSpan RetryTimeout)
{
    private const int MaxCredentialsBytes = 1 << 20;

    private static readonly Option _credentials = Value(StepOption.Credentials, "FILE", "a .dockerconfigjson (default: anonymous access)");
    private static readonly Option _registryCa =
        Value(StepOption.RegistryCa, "FILE", "PEM; certificate authorities of registries, beside the system's");
    private static readonly Option _registry = Repeatable(StepOption.Registry, "HOST[:PORT]", "a registry that may have a private address");
    private static readonly Option _insecureRegistry = Repeatable(
        StepOption.InsecureRegistry, "HOST[:PORT]", "a registry that may have a private address and is accessed over plain HTTP");
    private static readonly Option _tokenService = Repeatable(
        StepOption.TokenService, "HOST[:PORT]", "a token service beside a registry's own host that credentials may be sent to");
    private static readonly Option<bool> _onlyNamed =
        Flag(StepOption.OnlyNamedRegistries, "refuse every registry that neither --registry nor --insecure-registry names");
    private static readonly Option _retryTimeout =
        Value(StepOption.RetryTimeout, "SECONDS", "how long transient failures are retried (default: 600, or 60 to prune)");

    public static IReadOnlyList<Option> All { get; } =
        [_credentials, _registryCa, _registry, _insecureRegistry, _tokenService, _onlyNamed, _retryTimeout];

    public TransientRetry Retry(TimeProvider time, ILogger logger) => new(RetryTimeout, time, Registries.Jitter, logger);

    public static RegistryAccess Read(GivenOptions given, int retryTimeout)
    {
        var authorities = given.Single(_registryCa);
        if (authorities is not null && !File.Exists(authorities))
        {
            throw GivenOptions.Wrong($"{_registryCa.Name}: there is no file {authorities}");
        }
        var plain = Hosts(given, _insecureRegistry);
        var registries = new RegistryOptions
        {
            Registries =
            [
                .. plain.Select(host => new RegistryEndpoint { Host = host, PlainHttp = true }),
                .. Hosts(given, _registry).Except(plain).Select(host => new RegistryEndpoint { Host = host }),
            ],
            TokenServices = [.. Hosts(given, _tokenService).Select(host => new RegistryEndpoint { Host = host })],
            OnlyNamedRegistries = given.Flag(_onlyNamed),
            CertificateAuthorityFile = authorities,
            UserAgent = $"iris-trainer/{TrainerProgram.Version}",
        };
        var seconds = given.WholeNumber(_retryTimeout, 0, 86_400) ?? retryTimeout;
        return new RegistryAccess(registries, given.Single(_credentials), TimeSpan.FromSeconds(seconds));
    }

    /// <exception cref="InputException">The file was named, and is missing, unreadable or something else.</exception>
    public RegistryCredentials ReadCredentials()
    {
        if (CredentialsFile is not { } path)
        {
            return RegistryCredentials.None;
        }
        try
        {
            var file = new FileInfo(path);
            return file.Exists && file.Length > MaxCredentialsBytes
                ? throw new FormatException("is longer than a Secret can be")
                : RegistryCredentials.FromDockerConfig(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            var problem = e switch
            {
                FileNotFoundException or DirectoryNotFoundException =>
                    "there is no such file; is the Secret mounted, and does it have this key?",
                FormatException => e.Message,
                _ => $"cannot be read: {e.Message}",
            };
            throw GivenOptions.Wrong($"{_credentials.Name}: {path}: {problem}");
        }
    }

    // Retriable beside transient failures: lost races and damaged content, and what a user can put right without another command line.
    public static (string Reason, int ExitCode)? ReasonOf(Exception exception) => exception is not RegistryException error ? null
        : error.IsTransient || error.Problem is RegistryProblem.AlreadyExists or RegistryProblem.DigestMismatch
            or RegistryProblem.Unauthorized or RegistryProblem.Forbidden or RegistryProblem.NotFound or RegistryProblem.Untrusted
        ? ($"Registry{error.Problem}", ExitCode.MayBeRetried)
        : ($"Registry{error.Problem}", ExitCode.BadInput);

    private static List<RegistryHost> Hosts(GivenOptions given, Option option) =>
        [.. given.All(option).Select(text => GivenOptions.Parsed(option, text, RegistryHost.Parse)).Distinct()];
}

/// <summary>Repeats an attempt that failed for a transient problem, unless the pause before it would end beyond the limit.</summary>
/// <remarks>The client repeats single requests within seconds; this is for a registry that is away for minutes.</remarks>
internal sealed partial class TransientRetry(TimeSpan limit, TimeProvider time, Func<double> jitter, ILogger logger)
{
    private static readonly Backoff _backoff = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));

    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> attempt, CancellationToken cancellationToken)
    {
        var (began, pause) = (time.GetTimestamp(), TimeSpan.Zero);
        var retries = new ResiliencePipelineBuilder { Name = "registry", TimeProvider = time }.AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = int.MaxValue,
            ShouldHandle = failed => ValueTask.FromResult(
                failed.Outcome.Exception is RegistryException { IsTransient: true } error
                && time.GetElapsedTime(began) + (pause = Pause(error, failed.AttemptNumber)) <= limit),
            DelayGenerator = _ => ValueTask.FromResult<TimeSpan?>(pause),
            OnRetry = retry => { LogRetry(retry.Outcome.Exception!.Message, pause.TotalSeconds); return default; },
        }).Build();
        return await retries.ExecuteAsync(async token => await attempt(token), cancellationToken);
    }

    // Never sooner than the registry asked for.
    private TimeSpan Pause(RegistryException error, int failures)
    {
        var own = _backoff.Delay(failures);
        return Backoff.Spread(error.RetryAfter is { } asked && asked > own ? asked : own, jitter());
    }

    [LoggerMessage(LogLevel.Warning, "{Problem}; again in {Seconds:F1} s")]
    private partial void LogRetry(string problem, double seconds);
}
