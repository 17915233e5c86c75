using IrisOperator.ServingImage.Shutdown;

namespace IrisOperator.ServingImage.Http;

/// <summary>The one place that writes answers, so that none leaves without the digest of the model.</summary>
internal sealed class AnswerWriter(string modelDigest, DrainState drain)
{
    public const string DigestHeader = "Iris-Model-Digest";

    /// <summary>
    /// Larger answers are sent as they are copied; smaller ones leave with their header in one packet when the request ends.
    /// </summary>
    private const int FlushAbove = 16 * 1024;

    public Task WriteAsync(RequestContext context, Answer answer)
    {
        var headers = context.Response.Headers;
        if (answer.Allow is { } allow)
        {
            headers.Allow = allow;
        }
        if (answer.RetryAfter is { } seconds)
        {
            headers.RetryAfter = seconds;
        }
        if (answer.Closes)
        {
            headers.Connection = "close";
        }
        return WriteAsync(context, answer.Status, Answer.Json, answer.Body);
    }

    public Task WriteAsync(RequestContext context, int status, string contentType, ReadOnlySpan<byte> body)
    {
        var response = context.Response;
        response.StatusCode = status;
        var headers = response.Headers;
        headers.ContentLength = body.Length;
        headers.ContentType = contentType;
        headers[DigestHeader] = modelDigest;
        if (drain.IsDraining && !HasNextRequest(context))
        {
            headers.Connection = "close";
        }
        var writer = context.Output.Writer;
        body.CopyTo(writer.GetSpan(body.Length));
        writer.Advance(body.Length);
        return body.Length > FlushAbove ? writer.FlushAsync().AsTask() : Task.CompletedTask;
    }

    /// <summary>
    /// Whether a pipelining client has already sent its next request: closing now would lose it. The connection closes
    /// after the last one that has arrived.
    /// </summary>
    /// <remarks>Called when the request's own body has been read, so nobody else reads the connection.</remarks>
    private static bool HasNextRequest(RequestContext context)
    {
        if (context.Connection is not { } connection || !connection.TryRead(out var read))
        {
            return false;
        }
        var waiting = !read.Buffer.IsEmpty;
        connection.AdvanceTo(read.Buffer.Start);
        return waiting;
    }
}
