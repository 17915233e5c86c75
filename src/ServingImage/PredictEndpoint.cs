using System.Buffers;
using System.IO.Pipelines;
using System.Threading.RateLimiting;
using IrisOperator.ServingImage.Prediction;
using Microsoft.Extensions.ObjectPool;
using Microsoft.Net.Http.Headers;

namespace IrisOperator.ServingImage;

/// <summary>
/// POST /api/predict. A fixed number of predictions is computed at a time and as many again may wait; the rest is turned away at
/// once, because a long queue only adds delay to work whose client has given up.
/// </summary>
/// <remarks>The limiter is asked here and not by the middleware of its package: a body that is still arriving takes no place.</remarks>
internal sealed class PredictEndpoint(PredictionEngine engine, RateLimiter limiter, TimeSpan timeout, TimeProvider clock)
{
    /// <summary>About 25 bytes a number let <see cref="PredictionRequestReader.MaxRows"/> rows of ten features in.</summary>
    public const int MaxBody = 1024 * 1024;

    private readonly ObjectPool<PredictionWork> _pool = new DefaultObjectPool<PredictionWork>(new PredictionWorkPolicy(engine));

    /// <summary>Most bodies are there with their header, and most requests find a place: these need no deadline and no task.</summary>
    public Task HandleAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        if (Refusal(request) is { } refusal)
        {
            refusal.WriteTo(response);
            return Task.CompletedTask;
        }
        var began = clock.GetTimestamp();
        var reader = request.BodyReader;
        if (reader.TryRead(out var read))
        {
            if (read.IsCompleted)
            {
                return LimitAsync(response, reader, read.Buffer, began);
            }
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
        return CollectAsync(response, reader, began);
    }

    private static Answer? Refusal(HttpRequest request) =>
        !IsJson(request.ContentType) ? Answer.NotJson
        : request.Headers.ContentEncoding.Count > 0 ? Answer.Encoded
        : request.ContentLength > MaxBody ? Answer.TooLarge
        : null;

    private async Task CollectAsync(HttpResponse response, PipeReader reader, long began)
    {
        var (body, refusal) = await ReadBodyAsync(reader, began);
        if (refusal is null)
        {
            await LimitAsync(response, reader, body.Buffer, began);
        }
        else
        {
            refusal.WriteTo(response);
        }
    }

    private async Task<(ReadResult Body, Answer? Refusal)> ReadBodyAsync(PipeReader reader, long began)
    {
        using var deadline = new CancellationTokenSource(Remaining(began), clock);
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(deadline.Token);
                if (read.Buffer.Length > MaxBody)
                {
                    reader.AdvanceTo(read.Buffer.End);
                    return (default, Answer.TooLarge);
                }
                if (read.IsCompleted)
                {
                    return (read, null);
                }
                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return (default, Answer.SlowBody);
        }
    }

    private Task LimitAsync(HttpResponse response, PipeReader reader, ReadOnlySequence<byte> body, long began) =>
        limiter.AttemptAcquire() is { IsAcquired: true } place
            ? AnswerAsync(response, reader, body, began, place)
            : QueueAsync(response, reader, body, began);

    private async Task QueueAsync(HttpResponse response, PipeReader reader, ReadOnlySequence<byte> body, long began)
    {
        if (await WaitForPlaceAsync(began) is { } place)
        {
            await AnswerAsync(response, reader, body, began, place);
            return;
        }
        reader.AdvanceTo(body.End);
        Answer.Saturated.WriteTo(response);
    }

    /// <returns>Null if the queue is full, or no place became free within the request timeout.</returns>
    private async Task<RateLimitLease?> WaitForPlaceAsync(long began)
    {
        using var deadline = new CancellationTokenSource(Remaining(began), clock);
        try
        {
            return await limiter.AcquireAsync(1, deadline.Token) is { IsAcquired: true } place ? place : null;
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>
    /// A batch is computed in turns. Between them the thread goes to what waits for one, health checks and refusals among
    /// them; the place at the limiter is kept.
    /// </summary>
    private async Task AnswerAsync(
        HttpResponse response, PipeReader reader, ReadOnlySequence<byte> body, long began, RateLimitLease place)
    {
        using var held = place;
        var work = _pool.Get();
        try
        {
            var error = engine.Read(body, work);
            reader.AdvanceTo(body.End);
            error ??= engine.Continue(work);
            while (error is null && !work.IsDone)
            {
                await Task.Yield();
                if (clock.GetElapsedTime(began) > timeout)
                {
                    Answer.TooLate.WriteTo(response);
                    return;
                }
                error = engine.Continue(work);
            }
            if (error is null)
            {
                Answer.Write(response, StatusCodes.Status200OK, Answer.Json, work.Answer);
            }
            else
            {
                Answer.Error(StatusCodes.Status400BadRequest, error).WriteTo(response);
            }
        }
        finally
        {
            _pool.Return(work);
        }
    }

    private TimeSpan Remaining(long began)
    {
        var remaining = timeout - clock.GetElapsedTime(began);
        return remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero;
    }

    /// <summary>JSON is UTF-8: a charset parameter that says so does no harm, another one is not believed.</summary>
    private static bool IsJson(string? contentType)
    {
        return contentType == Answer.Json
            || (MediaTypeHeaderValue.TryParse(contentType, out var type)
                && type.MediaType.Equals(Answer.Json, StringComparison.OrdinalIgnoreCase)
                && (type.Charset.Length == 0 || type.Charset.Value!.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase)));
    }
}
