using IrisOperator.ServingImage.Tests.Hosting;

namespace IrisOperator.ServingImage.Tests.Http;

public sealed class TimeoutTests
{
    private const string Flower = """{"data":[5.9,3.2,4.8,1.8]}""";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_body_that_stops_arriving_is_given_up_after_the_request_timeout()
    {
        var clock = new ManualClock();
        await using var server = await InProcessServer.StartAsync(
            options => options with { RequestTimeout = TimeSpan.FromSeconds(2) }, clock);
        using var connection = await server.ConnectAsync();
        var request = RawConnection.Request(Flower);

        await connection.SendAsync(request.AsMemory(0, request.Length - 1), Ct);
        await clock.TimerSetAsync(Ct);
        clock.Advance(TimeSpan.FromSeconds(2));
        var answer = await connection.ReadAnswerAsync(Ct);

        Assert.Equal(408, answer!.Status);
        Assert.Equal("the body did not arrive in time", answer.Error);
        Assert.True(answer.Closes);
        Assert.Equal(server.Digest, answer.ModelDigest);
    }

    [Fact]
    public async Task a_slow_body_within_the_timeout_is_answered_and_leaves_no_timer_for_the_next()
    {
        var clock = new ManualClock();
        await using var server = await InProcessServer.StartAsync(
            options => options with { RequestTimeout = TimeSpan.FromSeconds(2) }, clock);
        using var connection = await server.ConnectAsync();
        var request = RawConnection.Request(Flower);

        for (var i = 0; i < 3; i++)
        {
            await connection.SendAsync(request.AsMemory(0, request.Length - 1), Ct);
            await clock.TimerSetAsync(Ct);
            clock.Advance(TimeSpan.FromSeconds(1.9));
            await connection.SendAsync(request.AsMemory(request.Length - 1), Ct);
            Assert.Equal(200, (await connection.ReadAnswerAsync(Ct))!.Status);
        }
    }
}
