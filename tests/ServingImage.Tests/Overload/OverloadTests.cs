using System.Diagnostics;
using System.Text;
using IrisOperator.ServingImage.Tests.Hosting;

namespace IrisOperator.ServingImage.Tests.Overload;

public sealed class OverloadTests
{
    private const string Flower = """{"data":[5.9,3.2,4.8,1.8]}""";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task with_all_places_taken_one_waits_and_the_rest_are_turned_away_at_once()
    {
        await using var server = await InProcessServer.StartAsync(
            options => options with { MaxConcurrency = 1, RequestTimeout = TimeSpan.FromMinutes(1) });
        var place = server.Limiter.AttemptAcquire();
        Assert.True(place.IsAcquired);

        using var waiting = await server.ConnectAsync();
        await waiting.SendAsync(RawConnection.Request(Flower), Ct);
        await UntilAsync(() => server.Limiter.GetStatistics()!.CurrentQueuedCount == 1);
        var slowest = TimeSpan.Zero;
        for (var i = 0; i < 50; i++)
        {
            var began = Stopwatch.GetTimestamp();
            var refused = await server.PredictAsync(Flower);
            slowest = Stopwatch.GetElapsedTime(began) > slowest ? Stopwatch.GetElapsedTime(began) : slowest;
            Assert.Equal((503, "1", server.Digest), (refused.Status, refused.Headers["Retry-After"], refused.ModelDigest));
        }
        Assert.Equal(200, (await server.GetAsync("/readyz")).Status);
        Assert.Equal(200, (await server.GetAsync("/healthz")).Status);
        Assert.Contains("iris_requests_total{code=\"503\"} 50\n", (await server.GetAsync("/metrics")).Body, StringComparison.Ordinal);
        place.Dispose();

        Assert.Equal(200, (await waiting.ReadAnswerAsync(Ct))!.Status);
        Assert.Equal(200, (await server.PredictAsync(Flower)).Status);
        // Milliseconds in truth; the bound leaves room for a busy machine and is far below the request timeout.
        Assert.True(slowest < TimeSpan.FromSeconds(5), slowest.ToString());
    }

    [Fact]
    public async Task a_request_that_waits_for_a_place_until_its_deadline_is_turned_away()
    {
        var clock = new ManualClock();
        await using var server = await InProcessServer.StartAsync(options => options with { MaxConcurrency = 1 }, clock);
        var place = server.Limiter.AttemptAcquire();
        Assert.True(place.IsAcquired);
        using var connection = await server.ConnectAsync();

        await connection.SendAsync(RawConnection.Request(Flower), Ct);
        await clock.TimerSetAsync(Ct);
        clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(503, (await connection.ReadAnswerAsync(Ct))!.Status);
        place.Dispose();
        Assert.Equal(200, (await server.PredictAsync(Flower)).Status);
    }

    [Fact]
    public async Task places_taken_by_batches_and_errors_are_given_back()
    {
        await using var server = await InProcessServer.StartAsync(options => options with { MaxConcurrency = 1 });
        var batch = $$"""{"data":[{{string.Join(',', Enumerable.Repeat("[5.9,3.2,4.8,1.8]", 1000))}}]}""";

        foreach (var body in Enumerable.Repeat(new[] { batch, "{", Flower, "" }, 5).SelectMany(b => b))
        {
            Assert.NotEqual(503, (await server.PredictAsync(body)).Status);
        }

        Assert.Equal(1, server.Limiter.GetStatistics()!.CurrentAvailablePermits);
    }

    [Fact]
    public async Task health_checks_are_answered_beside_a_storm_of_batches()
    {
        await using var server = await InProcessServer.StartAsync(options => options with { MaxConcurrency = 2 });
        var rows = string.Join(',', Enumerable.Repeat("[5.9,3.2,4.8,1.8]", 4000));
        var batch = RawConnection.Request(Encoding.UTF8.GetBytes($$"""{"data":[{{rows}}]}"""));

        var storm = Enumerable.Range(0, 64).Select(_ => server.SendAsync(batch)).ToArray();
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(200, (await server.GetAsync("/readyz")).Status);
        }

        foreach (var answer in await Task.WhenAll(storm))
        {
            Assert.True(answer.Status is 200 or 503, answer.ToString());
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            Ct.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
