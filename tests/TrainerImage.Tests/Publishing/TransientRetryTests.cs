using IrisOperator.Registry;
using IrisOperator.Testing;
using IrisOperator.TrainerImage.Publishing;
using Microsoft.Extensions.Logging.Abstractions;

namespace IrisOperator.TrainerImage.Tests.Publishing;

public sealed class TransientRetryTests
{
    private readonly ManualTimeProvider _clock = new();
    private int _attempts;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(RegistryProblem.Unreachable)]
    [InlineData(RegistryProblem.RateLimited)]
    [InlineData(RegistryProblem.ServerError)]
    [InlineData(RegistryProblem.TooSlow)]
    public async Task what_may_pass_is_tried_again_with_growing_pauses(RegistryProblem problem)
    {
        var running = Within(600).RunAsync(_ => FailAsync(problem, until: 7), Stop);
        await _clock.AdvanceUntilAsync(() => running.IsCompleted, TimeSpan.FromSeconds(0.5), TimeSpan.FromMinutes(5));

        // 1 + 2 + 4 + 8 + 10 + 10
        Assert.Equal(7, await running);
        Assert.InRange(_clock.Elapsed, TimeSpan.FromSeconds(35), TimeSpan.FromSeconds(36));
    }

    [Fact]
    public async Task what_will_not_pass_is_not_tried_again()
    {
        foreach (var problem in Enum.GetValues<RegistryProblem>().Except(
            [RegistryProblem.Unreachable, RegistryProblem.RateLimited, RegistryProblem.ServerError, RegistryProblem.TooSlow]))
        {
            _attempts = 0;
            await Assert.ThrowsAsync<RegistryException>(() => Within(600).RunAsync(_ => FailAsync(problem, until: 2), Stop));
            Assert.Equal(1, _attempts);
        }
    }

    [Fact]
    public async Task a_registry_that_names_a_time_is_not_asked_before()
    {
        var running = Within(600).RunAsync(_ => FailAsync(RegistryProblem.RateLimited, until: 2, TimeSpan.FromMinutes(2)), Stop);
        await _clock.AdvanceUntilAsync(() => running.IsCompleted, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));

        Assert.Equal(2, await running);
        Assert.InRange(_clock.Elapsed, TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(122));
    }

    [Fact]
    public async Task a_pause_beyond_the_limit_is_not_begun()
    {
        await Assert.ThrowsAsync<RegistryException>(
            () => Within(60).RunAsync(_ => FailAsync(RegistryProblem.RateLimited, until: 2, TimeSpan.FromMinutes(2)), Stop));
        await Assert.ThrowsAsync<RegistryException>(() => Within(0).RunAsync(_ => FailAsync(RegistryProblem.Unreachable, until: 9), Stop));

        Assert.Equal((2, TimeSpan.Zero), (_attempts, _clock.Elapsed));
    }

    private TransientRetry Within(int seconds) => new(TimeSpan.FromSeconds(seconds), _clock, () => 0, NullLogger.Instance);

    private Task<int> FailAsync(RegistryProblem problem, int until, TimeSpan? retryAfter = null) => ++_attempts < until
        ? Task.FromException<int>(new RegistryException(problem, "no") { RetryAfter = retryAfter })
        : Task.FromResult(_attempts);
}
