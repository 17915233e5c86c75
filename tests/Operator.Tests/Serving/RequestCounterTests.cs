using IrisOperator.Operator.Serving;

namespace IrisOperator.Operator.Tests.Serving;

public sealed class RequestCounterTests
{
    [Theory]
    [InlineData("iris_requests_total{code=\"200\"} 5\n", 5, 0)]
    [InlineData("iris_requests_total{code=\"200\"} 5\niris_requests_total{code=\"503\"} 2\niris_requests_total{code=\"500\"} 1\n", 6, 1)]
    [InlineData("iris_requests_total{code=\"499\"} 7\niris_requests_total{code=\"400\"} 1\n", 8, 0)]
    [InlineData("# TYPE iris_requests_total counter\r\niris_requests_total{code=\"504\"} 1\r\n", 1, 1)]
    [InlineData("iris_requests_total{pod=\"a\",code=\"500\"} 1e2 1700000000000\n", 100, 100)]
    [InlineData("iris_requests_total{code=\"200\"} 0\niris_requests_total_created{code=\"500\"} 9\niris_requests_in_flight 3\n", 0, 0)]
    public void requests_are_summed_and_those_from_500_on_are_errors(string page, long requests, long errors) =>
        Assert.Equal((requests, errors), RequestCounter.Read(page));

    // A canary with a small CPU limit answers 503 to clients that come at once: one in fifty rejected its version for good.
    [Fact]
    public void an_overloaded_canary_is_no_bad_version() => Assert.Equal(
        (49, 0), RequestCounter.Read("iris_requests_total{code=\"200\"} 49\niris_requests_total{code=\"503\"} 30\n"));

    [Theory]
    [InlineData("")]
    [InlineData("<html>sign in</html>")]
    [InlineData("iris_requests_total 5\n")]
    [InlineData("iris_requests_total{code=\"200\"")]
    [InlineData("iris_requests_total{code=\"200\"}\n")]
    [InlineData("iris_requests_total{code=\"2")]
    [InlineData("iris_requests_total{code=\"\"} 1\n")]
    [InlineData("iris_requests_total{code=\"abc\"} 1\n")]
    [InlineData("iris_requests_total{barcode=\"500\"} 1\n")]
    [InlineData("iris_requests_total{code=\"200\"} -1\n")]
    [InlineData("iris_requests_total{code=\"200\"} NaN\n")]
    [InlineData("iris_requests_total{code=\"200\"} +Inf\n")]
    [InlineData("iris_requests_total{code=\"200\"} 1\niris_requests_total{code=\"500\"} many\n")]
    public void what_cannot_be_read_is_unknown_and_not_zero(string page) => Assert.Null(RequestCounter.Read(page));
}
