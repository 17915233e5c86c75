using IrisOperator.Learning;
using IrisOperator.ServingImage.Health;
using IrisOperator.ServingImage.Http;
using IrisOperator.ServingImage.Metrics;
using IrisOperator.ServingImage.Overload;
using IrisOperator.ServingImage.Prediction;
using IrisOperator.ServingImage.Shutdown;

namespace IrisOperator.ServingImage.Startup;

/// <summary>The parts, put together. Exists only with a model that has passed its golden samples.</summary>
internal sealed partial class ServingServer : IDisposable
{
    private readonly ServingOptions _options;
    private readonly ServingApplication _application;
    private readonly KestrelHost _host;
    private readonly DrainState _drain = new();
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly TimeProvider _clock;

    private ServingServer(ServingOptions options, Model model, string digest, ILoggerFactory loggers, TimeProvider clock)
    {
        _options = options;
        _loggers = loggers;
        _logger = loggers.CreateLogger<ServingServer>();
        _clock = clock;
        Digest = digest;
        // The check counts into metrics of its own: no client asked for these predictions.
        GoldenSampleCheck.Run(model, new PredictionEngine(model, new ServingMetrics(model, digest, clock)));
        Metrics = new ServingMetrics(model, digest, clock);
        Gate = new ConcurrencyGate(options.MaxConcurrency);
        var engine = new PredictionEngine(model, Metrics);
        var answers = new AnswerWriter(digest, _drain);
        var predict = new PredictEndpoint(engine, Gate, answers, options.RequestTimeout, clock);
        _application = new ServingApplication(predict, engine, answers, Metrics, _drain, clock, loggers.CreateLogger<ServingApplication>());
        _host = new KestrelHost(options.Port, loggers);
    }

    public string Digest { get; }

    public ServingMetrics Metrics { get; }

    public ConcurrencyGate Gate { get; }

    public int Port => _host.Port;

    /// <exception cref="ModelFormatException">No model that may be served.</exception>
    /// <exception cref="ModelDigestException">Another model than the one asked for.</exception>
    /// <exception cref="GoldenSampleMismatchException">This process computes otherwise than the trainer did.</exception>
    public static ServingServer Load(ServingOptions options, ILoggerFactory loggers, TimeProvider clock)
    {
        var (model, digest) = ModelFolder.Read(options.ModelFolder);
        if (options.ModelDigest is { } expected && expected != digest)
        {
            throw new ModelDigestException($"IRIS_MODEL_DIGEST asks for {expected}, but {options.ModelFolder} holds {digest}");
        }
        return new ServingServer(options, model, digest, loggers, clock);
    }

    public async Task StartAsync(CancellationToken ct)
    {
        await _host.StartAsync(_application, ct);
        LogServing(Digest, Port);
    }

    /// <summary>Serves until the first signal, then leaves as <see cref="GracefulShutdown"/> says.</summary>
    public async Task RunAsync(TerminationSignals signals)
    {
        var signalled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = signals.First.Register(signalled.SetResult);
        await signalled.Task;
        await StopAsync(signals.Second);
    }

    public Task StopAsync(CancellationToken hurry)
    {
        var logger = _loggers.CreateLogger<GracefulShutdown>();
        return new GracefulShutdown(_host, _drain, _options.DrainTime, _options.RequestTimeout, _clock, logger).RunAsync(hurry);
    }

    public void Dispose()
    {
        _host.Dispose();
        Gate.Dispose();
    }
}
