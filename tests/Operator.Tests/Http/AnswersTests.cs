using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using IrisOperator.Operator.Tests.Golden;
using IrisOperator.Testing;

namespace IrisOperator.Operator.Tests.Http;

/// <summary>Replays the requests of answers.yaml over a raw connection: the contract with kubelet, Prometheus and registries.</summary>
public sealed class AnswersTests
{
    private static readonly JsonObject[] Table = Read();

    public static TheoryData<int, string> Rows =>
        new(Table.Select((row, index) => (index, row["send"]?.GetValue<string>() ?? row["raw"]!.GetValue<string>())));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task each_request_of_the_table_is_answered_as_recorded(int index, string request)
    {
        var row = Table[index];
        await using var server = await RunningEndpoint.StartAsync(notifications: row["secret"]?.GetValue<string>() != "none");
        server.Leads = row["leads"]?.GetValue<bool>() ?? true;
        server.Live = row["live"]?.GetValue<bool>() == false ? new(false, "no sign of pods for 900 s") : server.Live;
        server.Ready = row["ready"]?.GetValue<bool>() == true ? new(true, "ok") : server.Ready;

        var answer = await ExchangeAsync(server.Port, RequestOf(row));

        Assert.Equal(Expected(row), Told(row, answer));
        Assert.NotEmpty(request);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]")]
    public async Task kubelet_is_answered_on_addresses_of_either_kind(string address)
    {
        await using var server = await RunningEndpoint.StartAsync();
        using var client = new HttpClient();

        Assert.Equal("ok\n", await client.GetStringAsync($"http://{address}:{server.Port}/healthz", Stop));
    }

    private static string Expected(JsonObject row) =>
        $"{row["status"]} {row["type"]} {row["says"] ?? row["has"]}".Trim();

    private static string Told(JsonObject row, string answer)
    {
        var (head, body) = answer.Split("\r\n\r\n", 2) is [var first, var rest] ? (first, rest) : (answer, "");
        var lines = head.Split("\r\n");
        var type = lines.FirstOrDefault(line => line.StartsWith("Content-Type: ", StringComparison.OrdinalIgnoreCase))?[14..];
        if (type == "application/problem+json")
        {
            // In one chunk.
            body = JsonNode.Parse(body.Split("\r\n")[1])!["detail"]!.GetValue<string>();
        }

        var said = row["has"]?.GetValue<string>() is { } part && body.Contains(part, StringComparison.Ordinal) ? part : body.TrimEnd('\n');
        return $"{lines[0].Split(' ')[1]} {type} {said}".Trim();
    }

    private static byte[] RequestOf(JsonObject row)
    {
        if (row["raw"]?.GetValue<string>() is { } raw)
        {
            return Encoding.ASCII.GetBytes(raw);
        }

        var head = new StringBuilder($"{row["send"]} HTTP/1.1\r\nHost: operator\r\nConnection: close\r\n");
        if (row["authorization"] is { } authorization)
        {
            head.Append(CultureInfo.InvariantCulture, $"Authorization: {authorization}\r\n");
        }

        var body = row["length"] is { } length ? new byte[length.GetValue<long>()]
            : row["body"] is { } text ? Encoding.UTF8.GetBytes(text.GetValue<string>())
            : null;
        if (row["chunked"]?.GetValue<string>() is { } chunk)
        {
            head.Append("Transfer-Encoding: chunked\r\n");
            body = Encoding.UTF8.GetBytes($"{chunk.Length:x}\r\n{chunk}\r\n0\r\n\r\n");
        }
        else if (body is not null)
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n");
        }

        return [.. Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()), .. body ?? []];
    }

    /// <returns>All that came until the server closed the connection.</returns>
    private static async Task<string> ExchangeAsync(int port, byte[] request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, Stop);
        var stream = client.GetStream();
        var answer = new MemoryStream();
        try
        {
            await stream.WriteAsync(request, Stop);
            await stream.CopyToAsync(answer, Stop);
        }
        catch (IOException)
        {
            // Closed with a part of the request unread: what came before that counts.
        }

        return Encoding.UTF8.GetString(answer.ToArray());
    }

    private static JsonObject[] Read() =>
        [.. Yaml.Read(File.ReadAllText(Path.Combine(Repository.Root, "tests", "Operator.Tests", "Http", "answers.yaml")))["answers"]!
            .AsArray().Select(row => row!.AsObject())];
}
