using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace IrisOperator.ServingImage.Http;

/// <summary>
/// An answer that was made beforehand. Allow is for 405; RetryAfter is in seconds; one that Closes ends the connection,
/// because the rest of the request is not worth reading.
/// </summary>
internal sealed record Answer(int Status, byte[] Body, string? Allow = null, bool Closes = false, string? RetryAfter = null)
{
    public const string Json = "application/json";

    public static readonly Answer Alive = new(200, "{\"status\":\"alive\"}"u8.ToArray());
    public static readonly Answer Ready = new(200, "{\"status\":\"ready\"}"u8.ToArray());
    public static readonly Answer Draining = new(503, "{\"status\":\"draining\"}"u8.ToArray());
    public static readonly Answer NotFound = Error(404, "no such path; POST /api/predict answers predictions");
    public static readonly Answer PostOnly = Error(405, "expected POST") with { Allow = "POST" };
    public static readonly Answer GetOnly = Error(405, "expected GET") with { Allow = "GET, HEAD" };
    public static readonly Answer SlowBody = Error(408, "the body did not arrive in time") with { Closes = true };
    public static readonly Answer NotJson = Error(415, "Content-Type: expected application/json in UTF-8");
    public static readonly Answer Encoded = Error(415, "Content-Encoding: expected none");
    public static readonly Answer Failed = Error(500, "the server failed to answer; its log says why");
    public static readonly Answer Saturated = Error(503, "saturated; try again later") with { RetryAfter = "1" };
    public static readonly Answer TooLate = Error(504, "the prediction was not ready in time");

    public static Answer Error(int status, string message) => new(status, ErrorBody(message));

    public static byte[] ErrorBody(string message)
    {
        // By way of bytes: text cut in the middle of a surrogate pair is no valid string, and the encoder refuses it.
        var text = JsonEncodedText.Encode(Encoding.UTF8.GetBytes(message), JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
        return [.. "{\"error\":\""u8, .. text.EncodedUtf8Bytes, .. "\"}"u8];
    }
}
