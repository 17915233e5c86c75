using IrisOperator.ServingImage.Metrics;
using IrisOperator.ServingImage.Prediction;
using IrisOperator.ServingImage.Shutdown;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http.Features;

namespace IrisOperator.ServingImage.Http;

/// <summary>
/// What Kestrel calls for each request: the five paths, counting, and the last resort for a failure. There is no
/// middleware and no container under it; the server has nothing to configure there.
/// </summary>
internal sealed partial class ServingApplication(
    PredictEndpoint predict,
    PredictionEngine engine,
    AnswerWriter answers,
    ServingMetrics metrics,
    DrainState drain,
    TimeProvider clock,
    ILogger<ServingApplication> logger) : IHttpApplication<RequestContext>
{
    public RequestContext CreateContext(IFeatureCollection contextFeatures)
    {
        RequestContext context;
        if (contextFeatures is IHostContextContainer<RequestContext> connection)
        {
            context = connection.HostContext ??= new RequestContext(engine.NewWork(), clock);
        }
        else
        {
            context = new RequestContext(engine.NewWork(), clock);
        }
        context.Begin(contextFeatures);
        return context;
    }

    public Task ProcessRequestAsync(RequestContext context)
    {
        try
        {
            var handled = RouteAsync(context);
            if (handled.IsCompletedSuccessfully)
            {
                End(context);
                return handled;
            }
            return FinishAsync(context, handled);
        }
        catch (Exception failure) when (!context.Response.HasStarted)
        {
            return FinishAsync(context, Task.FromException(failure));
        }
    }

    public void DisposeContext(RequestContext context, Exception? exception) => context.End();

    private Task RouteAsync(RequestContext context)
    {
        switch (context.Request.Path)
        {
            case "/api/predict":
                Count(context);
                return predict.HandleAsync(context);
            case "/healthz":
                return Get(context) ?? answers.WriteAsync(context, Answer.Alive);
            case "/readyz":
                return Get(context) ?? answers.WriteAsync(context, drain.IsDraining ? Answer.Draining : Answer.Ready);
            case "/metrics":
                return Get(context)
                    ?? answers.WriteAsync(context, StatusCodes.Status200OK, PrometheusText.ContentType, PrometheusText.Of(metrics));
            default:
                Count(context);
                return answers.WriteAsync(context, Answer.NotFound);
        }
    }

    private Task? Get(RequestContext context)
    {
        return context.Request.Method is "GET" or "HEAD" ? null : answers.WriteAsync(context, Answer.GetOnly);
    }

    private void Count(RequestContext context)
    {
        context.IsCounted = true;
        metrics.RequestBegins();
    }

    private async Task FinishAsync(RequestContext context, Task handled)
    {
        try
        {
            await handled;
        }
        catch (Exception failure) when (IsClientGone(failure))
        {
            context.IsClientGone = true;
        }
        catch (Exception failure) when (!context.Response.HasStarted)
        {
            await AnswerFailureAsync(context, failure);
        }
        finally
        {
            End(context);
        }
    }

    private Task AnswerFailureAsync(RequestContext context, Exception failure)
    {
        if (failure is BadHttpRequestException refused)
        {
            // Kestrel found a fault in the body's framing; its messages speak of HTTP alone.
            return answers.WriteAsync(context, Answer.Error(refused.StatusCode, "body: " + refused.Message) with { Closes = true });
        }
        LogFailed(failure, context.Request.Method, context.Request.Path);
        return answers.WriteAsync(context, Answer.Failed with { Closes = true });
    }

    private static bool IsClientGone(Exception failure)
    {
        return failure is ConnectionResetException or ConnectionAbortedException or OperationCanceledException;
    }

    /// <summary>Counts before the answer leaves, so that whoever has seen an answer finds it in the metrics.</summary>
    private void End(RequestContext context)
    {
        var code = context.IsClientGone ? RequestContext.ClientGone : context.Response.StatusCode;
        if (context.IsCounted)
        {
            metrics.RequestEnds(code, context.Elapsed);
        }
        if (logger.IsEnabled(LogLevel.Debug))
        {
            LogAnswered(context.Request.Method, context.Request.Path, code, context.Elapsed.TotalMilliseconds);
        }
    }
}
