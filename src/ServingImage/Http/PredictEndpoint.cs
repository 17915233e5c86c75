using System.Buffers;
using System.IO.Pipelines;
using IrisOperator.ServingImage.Overload;
using IrisOperator.ServingImage.Prediction;

namespace IrisOperator.ServingImage.Http;

/// <summary>
/// POST /api/predict. A request whose body is there when its header is, as most are, is answered without a task, a timer
/// or an allocation; every wait has its own path.
/// </summary>
internal sealed class PredictEndpoint(
    PredictionEngine engine, ConcurrencyGate gate, AnswerWriter answers, TimeSpan timeout, TimeProvider clock)
{
    private static readonly Answer TooLarge =
        Answer.Error(413, $"body: expected at most {BodyReader.MaxLength} bytes") with { Closes = true };

    public Task HandleAsync(RequestContext context)
    {
        var request = context.Request;
        if (request.Method != "POST")
        {
            return answers.WriteAsync(context, Answer.PostOnly);
        }
        if (!IsJson(request.Headers.ContentType.ToString()))
        {
            return answers.WriteAsync(context, Answer.NotJson);
        }
        if (request.Headers.ContentEncoding.Count > 0)
        {
            return answers.WriteAsync(context, Answer.Encoded);
        }
        var body = context.Body;
        if (request.Headers.ContentLength > BodyReader.MaxLength)
        {
            return RefuseTooLargeAsync(context, body);
        }
        if (body.TryRead(out var read))
        {
            if (read.IsCompleted)
            {
                return AnswerAsync(context, body, read.Buffer);
            }
            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
        return CollectAsync(context, body);
    }

    private async Task CollectAsync(RequestContext context, PipeReader reader)
    {
        var (state, body) = await BodyReader.ReadAsync(context, reader, timeout);
        await (state switch
        {
            BodyState.TooLarge => RefuseTooLargeAsync(context, reader),
            BodyState.TooSlow => answers.WriteAsync(context, Answer.SlowBody),
            _ => AnswerAsync(context, reader, body),
        });
    }

    private Task AnswerAsync(RequestContext context, PipeReader reader, in ReadOnlySequence<byte> body)
    {
        if (!gate.TryEnter())
        {
            return QueueAsync(context, reader, body);
        }
        var leaves = true;
        try
        {
            var error = Begin(context, reader, body);
            if (error is null && !context.Work.IsDone)
            {
                leaves = false;
                return ContinueAsync(context);
            }
            return WriteAsync(context, error);
        }
        finally
        {
            if (leaves)
            {
                gate.Leave();
            }
        }
    }

    private async Task QueueAsync(RequestContext context, PipeReader reader, ReadOnlySequence<byte> body)
    {
        var remaining = timeout - context.Elapsed;
        if (remaining <= TimeSpan.Zero || !await gate.EnterAsync(clock, remaining))
        {
            reader.AdvanceTo(body.End);
            await answers.WriteAsync(context, Answer.Saturated);
            return;
        }
        string? error;
        try
        {
            error = Begin(context, reader, body);
        }
        catch
        {
            gate.Leave();
            throw;
        }
        await (error is null && !context.Work.IsDone ? ContinueAsync(context) : LeaveAndWriteAsync(context, error));
    }

    /// <summary>Decodes the request, gives its bytes back, and answers what one turn allows.</summary>
    private string? Begin(RequestContext context, PipeReader reader, in ReadOnlySequence<byte> body)
    {
        var error = engine.Read(body, context.Work);
        reader.AdvanceTo(body.End);
        return error ?? engine.Continue(context.Work);
    }

    /// <summary>
    /// The rest of a batch, turn by turn. Between turns the thread goes to whatever waits for one, health checks and
    /// refusals among them; the place at the gate is kept.
    /// </summary>
    private async Task ContinueAsync(RequestContext context)
    {
        string? error = null;
        var late = false;
        try
        {
            while (error is null && !context.Work.IsDone && !late)
            {
                await Task.Yield();
                error = engine.Continue(context.Work);
                late = context.Elapsed > timeout;
            }
        }
        finally
        {
            gate.Leave();
        }
        await (late ? answers.WriteAsync(context, Answer.TooLate) : WriteAsync(context, error));
    }

    private Task LeaveAndWriteAsync(RequestContext context, string? error)
    {
        gate.Leave();
        return WriteAsync(context, error);
    }

    private Task WriteAsync(RequestContext context, string? error)
    {
        return error is null
            ? answers.WriteAsync(context, StatusCodes.Status200OK, Answer.Json, context.Work.Answer)
            : answers.WriteAsync(context, StatusCodes.Status400BadRequest, Answer.Json, Answer.ErrorBody(error));
    }

    private async Task RefuseTooLargeAsync(RequestContext context, PipeReader reader)
    {
        await answers.WriteAsync(context, TooLarge);
        await context.Output.Writer.FlushAsync(CancellationToken.None);
        await BodyReader.DiscardAsync(context, reader, timeout);
    }

    private static bool IsJson(string contentType)
    {
        if (contentType == Answer.Json)
        {
            return true;
        }
        var type = contentType.AsSpan();
        var semicolon = type.IndexOf(';');
        var name = semicolon < 0 ? type : type[..semicolon];
        return name.Trim().Equals(Answer.Json, StringComparison.OrdinalIgnoreCase)
            && IsUtf8(semicolon < 0 ? default : type[(semicolon + 1)..]);
    }

    /// <summary>JSON is UTF-8; a charset parameter that says so does no harm, another one is not believed.</summary>
    private static bool IsUtf8(ReadOnlySpan<char> parameters)
    {
        var charset = parameters.IndexOf("charset", StringComparison.OrdinalIgnoreCase);
        return charset < 0 || parameters[charset..].Contains("utf-8", StringComparison.OrdinalIgnoreCase);
    }
}
