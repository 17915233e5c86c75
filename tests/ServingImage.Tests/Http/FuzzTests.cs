using System.Text;
using IrisOperator.ServingImage.Tests.Hosting;

namespace IrisOperator.ServingImage.Tests.Http;

/// <summary>Damaged requests over real connections: whatever arrives is answered 200 or as the client's fault.</summary>
public sealed class FuzzTests
{
    private const int Cases = 30_000;

    private static readonly string[] Seeds =
    [
        """{"data":[5.9,3.2,4.8,1.8]}""",
        """{"data":[[5.9,3.2,4.8,1.8],[5.1,3.5,1.4,0.2]],"probabilities":true}""",
        """{"probabilities":false,"data":[-1e-7,0,1E+30,1e308]}""",
        """{"explain":false,"data":[[5.9,3.2,4.8,1.8]]}""",
        """{"d\u0061ta":[1,2,3,4],"\ud83d\ude00":null}""",
        """{"data":[[[[[[[[1]]]]]]]],"x":{"y":[true,false,null,"z"]}}""",
    ];

    private static readonly string[] Tokens =
    [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud800", "null", "true", "NaN", "-Infinity", "1e999", "-0", "1e-400", "0123",
        "data", "\"data\":", "\"probabilities\":", "\"explain\":", "\0", "\uFEFF", "😀", "//", "/*", "\r\n", "99999999999999999999999999",
    ];

    [Fact]
    public async Task no_damaged_body_makes_the_server_fail_or_tell_its_internals()
    {
        await using var server = await InProcessServer.StartAsync();
        var random = new Random(20_241);
        var seen = new Dictionary<int, int>();
        var connection = await server.ConnectAsync();
        for (var i = 0; i < Cases; i++)
        {
            var body = Damage(random);
            await connection.SendAsync(RawConnection.Request(body), TestContext.Current.CancellationToken);
            var answer = await connection.ReadAnswerAsync(TestContext.Current.CancellationToken);
            var what = $"case {i}: {Encoding.UTF8.GetString(body)} -> {answer}";
            Assert.True(answer?.Status is 200 or 400, what);
            Assert.Equal(server.Digest, answer.ModelDigest);
            Assert.DoesNotContain("   at ", answer.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("Exception", answer.Body, StringComparison.Ordinal);
            using (System.Text.Json.JsonDocument.Parse(answer.Body))
            {
                seen[answer.Status] = seen.GetValueOrDefault(answer.Status) + 1;
            }
        }
        connection.Dispose();

        Assert.Empty(server.Errors);
        // Both sides of the border were reached; a fuzzer that only sees one proves little.
        Assert.True(seen[200] > 100 && seen[400] > 10_000, string.Join(", ", seen));
    }

    [Fact]
    public async Task no_damaged_framing_makes_the_server_fail()
    {
        await using var server = await InProcessServer.StartAsync();
        var random = new Random(20_242);
        for (var i = 0; i < 1_500; i++)
        {
            var request = Mutate(
                random, RawConnection.Request(Seeds[i % Seeds.Length], i % 2 == 0 ? "" : "Transfer-Encoding: chunked\r\n"));
            using var connection = await server.ConnectAsync();
            await connection.SendAsync(request, TestContext.Current.CancellationToken);
            connection.EndSending();
            var answer = await connection.ReadAnswerOrResetAsync(TestContext.Current.CancellationToken);
            // Kestrel answers what is no HTTP at all; 505 is its word for an unknown version.
            Assert.True(answer is null || answer.Status is < 500 or 505, $"case {i}: {Encoding.UTF8.GetString(request)} -> {answer}");
        }

        Assert.Equal(200, (await server.PredictAsync(Seeds[0])).Status);
        Assert.Empty(server.Errors);
    }

    private static byte[] Damage(Random random)
    {
        var text = Seeds[random.Next(Seeds.Length)];
        for (var i = random.Next(3); i > 0; i--)
        {
            var at = random.Next(text.Length + 1);
            text = random.Next(3) switch
            {
                0 => text.Insert(at, Tokens[random.Next(Tokens.Length)]),
                1 => text[..at],
                _ => text.Remove(Math.Min(at, text.Length), Math.Min(random.Next(4), text.Length - at)),
            };
        }
        var bytes = Encoding.UTF8.GetBytes(text);
        return random.Next(2) == 0 ? bytes : Mutate(random, bytes);
    }

    private static byte[] Mutate(Random random, byte[] bytes)
    {
        for (var i = random.Next(4); i > 0 && bytes.Length > 0; i--)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }
        return bytes;
    }
}
