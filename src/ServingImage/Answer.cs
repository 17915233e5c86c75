using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.WebUtilities;

namespace IrisOperator.ServingImage;

/// <summary>Problem details of RFC 9457. The sentence is also there as "error", the name it had before.</summary>
internal sealed record Problem(string Title, int Status, string Detail, string Error);

[JsonSerializable(typeof(Problem))]
internal sealed partial class ProblemJson : JsonSerializerContext
{
    /// <summary>Escapes only what JSON itself forbids: quotes and letters of other languages are to be read by people.</summary>
    public static readonly ProblemJson Readable = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}

/// <summary>
/// An answer that was made beforehand. RetryAfter is in seconds; one that Closes ends the connection, because the rest of the
/// request is not worth reading.
/// </summary>
internal sealed record Answer(int Status, string ContentType, byte[] Body, bool Closes = false, string? RetryAfter = null)
{
    public const string Json = "application/json";

    public static readonly Answer Alive = new(200, Json, "{\"status\":\"alive\"}"u8.ToArray());
    public static readonly Answer Ready = new(200, Json, "{\"status\":\"ready\"}"u8.ToArray());
    public static readonly Answer Draining = new(503, Json, "{\"status\":\"draining\"}"u8.ToArray());
    public static readonly Answer NotFound = Error(404, "no such path; POST /api/predict answers predictions");
    public static readonly Answer PostOnly = Error(405, "expected POST");
    public static readonly Answer GetOnly = Error(405, "expected GET");
    public static readonly Answer SlowBody = Error(408, "the body did not arrive in time") with { Closes = true };
    public static readonly Answer TooLarge = Error(413, $"body: expected at most {PredictEndpoint.MaxBody} bytes") with { Closes = true };
    public static readonly Answer NotJson = Error(415, "Content-Type: expected application/json in UTF-8");
    public static readonly Answer Encoded = Error(415, "Content-Encoding: expected none");
    public static readonly Answer Failed = Error(500, "the server failed to answer; its log says why") with { Closes = true };
    public static readonly Answer Saturated = Error(503, "saturated; try again later") with { RetryAfter = "1" };
    public static readonly Answer TooLate = Error(504, "the prediction was not ready in time");

    public static Answer Error(int status, string sentence)
    {
        var problem = new Problem(ReasonPhrases.GetReasonPhrase(status), status, sentence, sentence);
        return new Answer(
            status, "application/problem+json", JsonSerializer.SerializeToUtf8Bytes(problem, ProblemJson.Readable.Problem));
    }

    public void WriteTo(HttpResponse response)
    {
        if (RetryAfter is { } seconds)
        {
            response.Headers.RetryAfter = seconds;
        }
        if (Closes)
        {
            response.Headers.Connection = "close";
        }
        Write(response, Status, ContentType, Body);
    }

    /// <summary>Leaves with its header when the request ends, so that it is counted before the client has it.</summary>
    public static void Write(HttpResponse response, int status, string contentType, ReadOnlySpan<byte> body)
    {
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = body.Length;
        response.BodyWriter.Write(body);
    }
}
