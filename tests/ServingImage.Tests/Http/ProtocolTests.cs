using System.Text;
using IrisOperator.ServingImage.Tests.Hosting;

namespace IrisOperator.ServingImage.Tests.Http;

public sealed class ProtocolTests
{
    private const string Flower = """{"data":[5.9,3.2,4.8,1.8]}""";
    private const string FlowerAnswer = """{"name":"versicolor","prediction":1}""";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET", "/", 404, null)]
    [InlineData("POST", "/api/predict/", 404, null)]
    [InlineData("POST", "/API/PREDICT", 404, null)]
    [InlineData("GET", "/api/%2e%2e/etc/passwd", 404, null)]
    [InlineData("GET", "/api/predict", 405, "POST")]
    [InlineData("DELETE", "/api/predict", 405, "POST")]
    [InlineData("POST", "/healthz", 405, "GET, HEAD")]
    [InlineData("PUT", "/readyz", 405, "GET, HEAD")]
    [InlineData("POST", "/metrics", 405, "GET, HEAD")]
    public async Task other_paths_and_methods_are_refused_as_json(string method, string path, int status, string? allow)
    {
        await using var server = await InProcessServer.StartAsync();

        var answer = await server.SendAsync(
            Encoding.ASCII.GetBytes($"{method} {path} HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n"));

        Assert.Equal(status, answer.Status);
        Assert.NotEmpty(answer.Error!);
        Assert.Equal("application/problem+json", answer.Headers["Content-Type"]);
        Assert.Equal(allow, answer.Headers.GetValueOrDefault("Allow"));
        Assert.Equal(server.Digest, answer.ModelDigest);
    }

    [Fact]
    public async Task an_error_is_problem_details_that_keep_the_member_error()
    {
        await using var server = await InProcessServer.StartAsync();

        var answer = await server.PredictAsync("{}");

        const string sentence = "data: missing; expected 4 numbers (Sepal_Length, Sepal_Width, Petal_Length, Petal_Width)";
        Assert.Equal($$"""{"title":"Bad Request","status":400,"detail":"{{sentence}}","error":"{{sentence}}"}""", answer.Body);
    }

    [Theory]
    [InlineData("application/json; charset=utf-8", 200)]
    [InlineData("Application/JSON;charset=\"UTF-8\"", 200)]
    [InlineData("application/json; charset=utf-16", 415)]
    [InlineData("application/jsonp", 415)]
    [InlineData("text/plain", 415)]
    [InlineData("multipart/form-data; boundary=x", 415)]
    [InlineData("", 415)]
    public async Task only_json_in_utf8_is_read(string contentType, int status)
    {
        await using var server = await InProcessServer.StartAsync();
        var header = contentType.Length == 0 ? "" : $"Content-Type: {contentType}\r\n";

        var answer = await server.SendAsync(
            Encoding.UTF8.GetBytes($"POST /api/predict HTTP/1.1\r\nHost: test\r\n{header}Content-Length: {Flower.Length}\r\n\r\n{Flower}"));

        Assert.Equal(status, answer.Status);
        Assert.Equal(server.Digest, answer.ModelDigest);
    }

    [Fact]
    public async Task a_compressed_body_is_refused()
    {
        await using var server = await InProcessServer.StartAsync();

        var answer = await server.SendAsync(RawConnection.Request(Flower, "Content-Encoding: gzip\r\n"));

        Assert.Equal(415, answer.Status);
    }

    [Fact]
    public async Task a_connection_serves_many_requests_errors_among_them()
    {
        await using var server = await InProcessServer.StartAsync();
        using var connection = await server.ConnectAsync();

        foreach (var (body, status) in new[] { (Flower, 200), ("{", 400), (Flower, 200), ("[]", 400), (Flower, 200) })
        {
            await connection.SendAsync(RawConnection.Request(body), Ct);
            var answer = await connection.ReadAnswerAsync(Ct);
            Assert.Equal((status, false), (answer!.Status, answer.Closes));
        }
    }

    [Fact]
    public async Task pipelined_requests_are_answered_in_order()
    {
        await using var server = await InProcessServer.StartAsync();
        using var connection = await server.ConnectAsync();

        byte[] three = [.. RawConnection.Request(Flower), .. RawConnection.Request("{}"), .. RawConnection.Request(Flower)];
        await connection.SendAsync(three, Ct);

        Assert.Equal(200, (await connection.ReadAnswerAsync(Ct))!.Status);
        Assert.Equal(400, (await connection.ReadAnswerAsync(Ct))!.Status);
        Assert.Equal(FlowerAnswer, (await connection.ReadAnswerAsync(Ct))!.Body);
    }

    [Fact]
    public async Task a_chunked_body_is_read()
    {
        await using var server = await InProcessServer.StartAsync();
        using var connection = await server.ConnectAsync();

        await connection.SendAsync(
            "POST /api/predict HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n", Ct);
        foreach (var part in Flower.Chunk(5))
        {
            await connection.SendAsync($"{part.Length:x}\r\n{new string(part)}\r\n", Ct);
        }
        await connection.SendAsync("0\r\n\r\n", Ct);

        Assert.Equal(FlowerAnswer, (await connection.ReadAnswerAsync(Ct))!.Body);
    }

    [Fact]
    public async Task a_body_that_waits_for_100_continue_is_read()
    {
        await using var server = await InProcessServer.StartAsync();
        using var connection = await server.ConnectAsync();
        var request = RawConnection.Request(Flower, "Expect: 100-continue\r\n");

        await connection.SendAsync(request.AsMemory(0, request.Length - Flower.Length), Ct);
        Assert.Equal(100, (await connection.ReadAnswerAsync(Ct, withoutBody: true))!.Status);
        await connection.SendAsync(Flower, Ct);

        Assert.Equal(FlowerAnswer, (await connection.ReadAnswerAsync(Ct))!.Body);
    }

    [Fact]
    public async Task a_body_in_single_bytes_is_read()
    {
        await using var server = await InProcessServer.StartAsync();
        using var connection = await server.ConnectAsync();

        foreach (var part in RawConnection.Request(Flower).Chunk(1))
        {
            await connection.SendAsync(part, Ct);
        }

        Assert.Equal(FlowerAnswer, (await connection.ReadAnswerAsync(Ct))!.Body);
    }

    [Theory]
    [InlineData(1024 * 1024, 400)]
    [InlineData((1024 * 1024) + 1, 413)]
    [InlineData(4 * 1024 * 1024, 413)]
    public async Task a_body_above_one_megabyte_is_refused_and_the_refusal_arrives(int length, int status)
    {
        await using var server = await InProcessServer.StartAsync();

        var answer = await server.PredictAsync(new string(' ', length));

        Assert.Equal(status, answer.Status);
        Assert.Equal(server.Digest, answer.ModelDigest);
        Assert.Equal(status == 413, answer.Closes);
    }

    [Fact]
    public async Task a_chunked_body_above_one_megabyte_is_refused()
    {
        await using var server = await InProcessServer.StartAsync();
        using var connection = await server.ConnectAsync();
        await connection.SendAsync(
            "POST /api/predict HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n", Ct);
        for (var i = 0; i < 40; i++)
        {
            await connection.SendAsync($"8000\r\n{new string(' ', 0x8000)}\r\n", Ct);
        }
        await connection.SendAsync("0\r\n\r\n", Ct);

        Assert.Equal(413, (await connection.ReadAnswerAsync(Ct))!.Status);
    }

    [Fact]
    public async Task head_of_a_health_check_has_no_body()
    {
        await using var server = await InProcessServer.StartAsync();
        using var connection = await server.ConnectAsync();

        await connection.SendAsync("HEAD /readyz HTTP/1.1\r\nHost: test\r\n\r\n", Ct);
        Assert.Equal(200, (await connection.ReadAnswerAsync(Ct, withoutBody: true))!.Status);

        await connection.SendAsync("GET /healthz HTTP/1.1\r\nHost: test\r\n\r\n", Ct);
        Assert.Equal("""{"status":"alive"}""", (await connection.ReadAnswerAsync(Ct))!.Body);
    }
}
