namespace IrisOperator.Common.Tests;

public sealed class BackoffTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(4, 16)]
    [InlineData(5, 20)]
    [InlineData(int.MaxValue, 20)]
    public void the_delay_doubles_up_to_its_maximum(int failures, double seconds) =>
        Assert.Equal(seconds, new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20)).Delay(failures).TotalSeconds);

    [Fact]
    public void a_spread_delay_is_never_shorter_and_at_most_half_as_long_again()
    {
        Assert.Equal(TimeSpan.FromSeconds(2), Backoff.Spread(TimeSpan.FromSeconds(2), 0));
        Assert.Equal(TimeSpan.FromSeconds(3), Backoff.Spread(TimeSpan.FromSeconds(2), 1));
    }
}
