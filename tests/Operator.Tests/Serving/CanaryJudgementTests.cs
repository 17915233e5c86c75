using IrisOperator.Operator.Api.V1Alpha1;
using IrisOperator.Operator.Reconciliation;
using IrisOperator.Operator.Serving;

namespace IrisOperator.Operator.Tests.Serving;

public sealed class CanaryJudgementTests
{
    // At the defaults: 60 s, one of a hundred, 20 requests.
    [Theory]
    [InlineData(null, 0, 0, "Continue")]
    [InlineData(0, 0, 0, "Continue")]
    [InlineData(59, 1000, 10, "Continue")]
    [InlineData(60, 1000, 10, "Promote")]
    [InlineData(60, 0, 0, "Promote")]
    [InlineData(60, 19, 19, "Promote")]
    [InlineData(60, 20, 1, "Reject")]
    [InlineData(1, 1000, 11, "Reject")]
    [InlineData(null, 20, 20, "Reject")]
    public void a_canary_is_judged_by_its_errors(int? seconds, long requests, long errors, string verdict) =>
        Assert.Equal(verdict, Judge(new CanarySpec { Replicas = 1 }, Facts(seconds, requests, errors)));

    [Theory]
    [InlineData("0", 0, 1, 1, "Reject")]
    [InlineData("0", 0, 1000, 0, "Promote")]
    [InlineData("0", 0, 0, 0, "Promote")]
    [InlineData("1", 0, 9, 9, "Promote")]
    [InlineData("0.5", 10, 10, 5, "Promote")]
    [InlineData("0.5", 10, 10, 6, "Reject")]
    [InlineData("0.333333333", 3, 3, 1, "Reject")]
    public void the_allowed_share_and_the_least_number_of_requests_are_the_spec_s(
        string rate, int least, long requests, long errors, string verdict) =>
        Assert.Equal(
            verdict, Judge(new CanarySpec { Replicas = 1, MaxErrorRate = rate, MinRequests = least }, Facts(60, requests, errors)));

    [Theory]
    [InlineData(60, true, false, "Continue")]
    [InlineData(119, true, false, "Continue")]
    [InlineData(120, true, false, "Unmeasured")]
    [InlineData(86_400, true, false, "Unmeasured")]
    [InlineData(86_400, true, true, "Promote")]
    [InlineData(86_400, false, false, "Continue")]
    [InlineData(86_400, false, true, "Continue")]
    public void nothing_is_promoted_that_is_not_whole_or_cannot_be_asked(int seconds, bool isWhole, bool isMeasured, string verdict) =>
        Assert.Equal(
            verdict, Judge(new CanarySpec { Replicas = 1 }, Facts(seconds, 1000, 0) with { IsWhole = isWhole, IsMeasured = isMeasured }));

    [Fact]
    public void errors_that_are_known_count_though_other_pods_cannot_be_asked() =>
        Assert.Equal("Reject", Judge(new CanarySpec { Replicas = 2 }, Facts(10, 100, 50) with { IsMeasured = false }));

    [Fact]
    public void a_pod_that_fails_is_the_reason_whatever_was_answered()
    {
        var failure = new Problem("OOMKilled", "the container needed more memory than its limit", RequiresUserAction: true);

        var judgement = CanaryJudgement.Judge(new CanarySpec { Replicas = 1 }, Facts(60, 1000, 0) with { Failure = failure });

        Assert.Equal((CanaryVerdict.Reject, "OOMKilled"), (judgement.Verdict, judgement.Reason));
    }

    [Theory]
    [InlineData(null, "0.01")]
    [InlineData("0", "0")]
    [InlineData("1.0", "1.0")]
    [InlineData("0.125", "0.125")]
    [InlineData("", null)]
    [InlineData("1.01", null)]
    [InlineData("-0.1", null)]
    [InlineData("1e-2", null)]
    [InlineData("1 %", null)]
    [InlineData("0,01", null)]
    public void a_rate_is_a_plain_number_from_0_to_1(string? text, string? rate) =>
        Assert.Equal(rate, CanaryJudgement.ParseRate(text)?.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private static CanaryFacts Facts(int? seconds, long requests, long errors) =>
        new(seconds is { } elapsed ? TimeSpan.FromSeconds(elapsed) : null, IsWhole: true, IsMeasured: true, requests, errors);

    private static string Judge(CanarySpec spec, CanaryFacts facts) => CanaryJudgement.Judge(spec, facts).Verdict.ToString();
}
