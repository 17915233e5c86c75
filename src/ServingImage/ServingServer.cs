using System.Threading.RateLimiting;
using IrisOperator.Common;
using IrisOperator.Contracts;
using IrisOperator.Learning;
using IrisOperator.ServingImage.Prediction;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using BadHttpRequestException = Microsoft.AspNetCore.Http.BadHttpRequestException;

namespace IrisOperator.ServingImage;

/// <summary>The folder holds a sound model, but not the one that the server was asked to serve.</summary>
internal sealed class ModelDigestException(string message) : Exception(message);

/// <summary>The parts, put together. Exists only with a model that has passed its golden samples.</summary>
internal sealed partial class ServingServer : IAsyncDisposable
{
    public const string DigestHeader = "Iris-Model-Digest";

    private const string Predict = "/api/predict";

    /// <summary>What may arrive of a body that was refused, so that a client that sends before it listens sees the answer.</summary>
    private const int MaxDiscard = 8 * PredictEndpoint.MaxBody;

    private static readonly string[] _get = [HttpMethods.Get, HttpMethods.Head];

    private readonly WebApplication _app;
    private readonly ServingMetrics _metrics;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;

    private ServingServer(ServingOptions options, Model model, string digest, TimeProvider clock, Action<ILoggingBuilder> logging)
    {
        (Digest, _clock) = (digest, clock);
        // The check counts into metrics of its own: no client asked for these predictions.
        GoldenSampleCheck.Run(model, new PredictionEngine(model, new ServingMetrics(model, digest, clock)));
        _metrics = new ServingMetrics(model, digest, clock);
        Limiter = new ConcurrencyLimiter(new ConcurrencyLimiterOptions
        {
            PermitLimit = options.MaxConcurrency,
            QueueLimit = options.MaxConcurrency,
        });
        var builder = CreateBuilder(options, logging);
        builder.Services.AddSingleton(services => new Drain(options.DrainTime, clock, services.GetRequiredService<ILogger<Drain>>()));
        builder.Services.AddSingleton<IHostedService>(services => services.GetRequiredService<Drain>());
        _app = builder.Build();
        _logger = _app.Services.GetRequiredService<ILogger<ServingServer>>();
        Drain = _app.Services.GetRequiredService<Drain>();
        _app.Use(CountAndSignAsync);
        _app.Use(AnswerErrorsAsync);
        _app.UseRouting();
        var predict = new PredictEndpoint(new PredictionEngine(model, _metrics), Limiter, options.RequestTimeout, clock);
        _app.MapPost(Predict, predict.HandleAsync);
        MapGet("/healthz", () => Answer.Alive);
        MapGet("/readyz", () => Drain.HasBegun ? Answer.Draining : Answer.Ready);
        _app.MapMethods("/metrics", _get, async context =>
            Answer.Write(context.Response, StatusCodes.Status200OK, ServingMetrics.ContentType, await _metrics.ExportAsync()));
    }

    public string Digest { get; }

    /// <summary>The port in use, also where 0 left the choice to the system. Known once started.</summary>
    public int Port { get; private set; }

    public RateLimiter Limiter { get; }

    public Drain Drain { get; }

    /// <exception cref="ModelFormatException">No model that may be served.</exception>
    /// <exception cref="ModelDigestException">Another model than the one asked for.</exception>
    /// <exception cref="GoldenSampleMismatchException">This process computes otherwise than the trainer did.</exception>
    public static ServingServer Load(ServingOptions options, TimeProvider clock, Action<ILoggingBuilder>? logging = null)
    {
        var (model, digest) = ModelFolder.Read(options.ModelFolder);
        if (options.ModelDigest is { } expected && expected != digest)
        {
            throw new ModelDigestException($"{ServingVariable.ModelDigest} asks for {expected}, but {options.ModelFolder} holds {digest}");
        }
        return new ServingServer(options, model, digest, clock, logging ?? (to =>
            to.AddProgramConsole(options.LogLevel, options.LogFormat, standardError: false)));
    }

    public async Task StartAsync(CancellationToken ct)
    {
        await _app.StartAsync(ct);
        Port = new Uri(_app.Urls.First()).Port;
        LogServing(Digest, Port);
    }

    /// <summary>Serves until the first signal, and through the <see cref="ServingImage.Drain"/> that follows.</summary>
    public async Task RunAsync()
    {
        await StartAsync(CancellationToken.None);
        // Gives the system back what starting took, 3 MB of 21 on servers that mostly wait; later, so that no first probe waits for it.
        await Task.Delay(TimeSpan.FromMilliseconds(100), _clock);
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        await _app.WaitForShutdownAsync();
        LogStopped();
    }

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await Limiter.DisposeAsync();
    }

    private static WebApplicationBuilder CreateBuilder(ServingOptions options, Action<ILoggingBuilder> logging)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            // Without it every folder below the working folder would be watched for appsettings.json.
            Args = ["--hostBuilder:reloadConfigOnChange=false"],
        });
        // Options and IRIS_ variables are all there is: no settings file, and no ASPNETCORE_HTTP_PORTS of a base image.
        ((IConfigurationBuilder)builder.Configuration).Sources.Clear();
        // Nor filters of hosts and forwarded addresses, which would be asked about each request and know nothing.
        builder.Services.RemoveAll<IStartupFilter>();
        logging(builder.Logging);
        // One that listens costs an Activity a request; the program logs its failures itself.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        builder.Services.Configure<HostOptions>(host =>
            host.ShutdownTimeout = options.DrainTime + options.RequestTimeout + Drain.Margin);
        // A request is read and answered without a queue in between, and read at once into a buffer of 4 kB for each connection.
        builder.WebHost.UseSockets(sockets => (sockets.IOQueueCount, sockets.WaitForDataBeforeAllocatingBuffer) = (0, false));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxDiscard;
            // What one idle or slow client can make this process hold.
            kestrel.Limits.MaxRequestBufferSize = PredictEndpoint.MaxBody;
            kestrel.Limits.MaxRequestHeaderCount = 64;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            kestrel.ListenAnyIP(options.Port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        return builder;
    }

    private void MapGet(string path, Func<Answer> answer) => _app.MapMethods(path, _get, context =>
    {
        answer().WriteTo(context.Response);
        return Task.CompletedTask;
    });

    /// <summary>
    /// Counts before the answer leaves, so that a client that has seen an answer finds it in the metrics. No answer leaves without the
    /// digest of the model; while draining, each asks its client to connect elsewhere.
    /// </summary>
    private async Task CountAndSignAsync(HttpContext context, RequestDelegate next)
    {
        var began = _clock.GetTimestamp();
        var headers = context.Response.Headers;
        headers[DigestHeader] = Digest;
        var isCounted = context.Request.Path.Value is not ("/healthz" or "/readyz" or "/metrics");
        if (isCounted)
        {
            _metrics.BeginRequest();
        }
        var code = ServingMetrics.ClientGone;
        try
        {
            await next(context);
            code = context.Response.StatusCode;
            if (Drain.HasBegun && !context.Response.HasStarted)
            {
                headers.Connection = "close";
            }
        }
        catch (Exception gone) when (gone is ConnectionResetException or OperationCanceledException)
        {
            // Nobody is left to be told.
        }
        finally
        {
            var elapsed = _clock.GetElapsedTime(began);
            if (isCounted)
            {
                _metrics.EndRequest(code, elapsed);
            }
            LogAnswered(context.Request.Method, context.Request.Path, code, elapsed.TotalMilliseconds);
        }
    }

    private async Task AnswerErrorsAsync(HttpContext context, RequestDelegate next)
    {
        var response = context.Response;
        var path = context.Request.Path.Value;
        try
        {
            // Routing would take other cases and a slash at the end for the same path.
            if (path is not (Predict or "/healthz" or "/readyz" or "/metrics"))
            {
                Answer.NotFound.WriteTo(response);
                return;
            }
            await next(context);
            if (response.StatusCode == StatusCodes.Status405MethodNotAllowed)
            {
                (path == Predict ? Answer.PostOnly : Answer.GetOnly).WriteTo(response);
            }
        }
        catch (BadHttpRequestException refused) when (!response.HasStarted)
        {
            // Kestrel found a fault in the body's framing; its messages speak of HTTP alone.
            (Answer.Error(refused.StatusCode, $"body: {refused.Message}") with { Closes = true }).WriteTo(response);
        }
        catch (Exception failure) when (
            !response.HasStarted && failure is not (ConnectionResetException or OperationCanceledException))
        {
            LogFailed(failure, context.Request.Method, context.Request.Path);
            Answer.Failed.WriteTo(response);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "serving {ModelDigest} on port {Port}")]
    private partial void LogServing(string modelDigest, int port);

    [LoggerMessage(2, LogLevel.Error, "failed to answer {Method} {Path}")]
    private partial void LogFailed(Exception failure, string method, string path);

    [LoggerMessage(3, LogLevel.Debug, "answered {Method} {Path} with {Status} in {Milliseconds} ms")]
    private partial void LogAnswered(string method, string path, int status, double milliseconds);

    [LoggerMessage(4, LogLevel.Information, "stopped")]
    private partial void LogStopped();
}
