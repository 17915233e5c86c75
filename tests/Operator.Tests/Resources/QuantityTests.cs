using IrisOperator.Operator.Validation;

namespace IrisOperator.Operator.Tests.Resources;

public sealed class QuantityTests
{
    // Field report: a limit of 129e6, which Kubernetes takes, was refused.
    [Theory]
    [InlineData("0", 0)]
    [InlineData("500m", 0.5)]
    [InlineData("0.5", 0.5)]
    [InlineData(".5", 0.5)]
    [InlineData("5.", 5)]
    [InlineData("+5", 5)]
    [InlineData("129e6", 129_000_000)]
    [InlineData("129E6", 129_000_000)]
    [InlineData("129e+6", 129_000_000)]
    [InlineData("1.29E8", 129_000_000)]
    [InlineData("500e-3", 0.5)]
    [InlineData("1E", 1e18)]
    [InlineData("1.5Gi", 1610612736)]
    [InlineData("129000000000m", 129_000_000)]
    [InlineData("129000000000000000u", 129_000_000_000)]
    [InlineData("1000000000n", 1)]
    public void every_notation_of_kubernetes_is_taken_and_applied_as_the_same_number(string text, double expected)
    {
        Assert.Equal((decimal)expected, Quantity.Parse(text));
        Assert.Equal((decimal)expected, Quantity.Parse(new ResourceQuantity(text).ToString()));
    }

    // Field report: a limit of 99999999999E threw at each reconcile, and the object never got a status.
    [Theory]
    [InlineData("99999999999E")]
    [InlineData("99999999999Ei")]
    [InlineData("9223372036854775807")]
    [InlineData("999999999999999999999999999999e99")]
    [InlineData("1e999999999")]
    [InlineData("1e1.5")]
    [InlineData("1/2")]
    [InlineData("1 Gi")]
    [InlineData(" 1Gi")]
    [InlineData("1Gi\n")]
    [InlineData("1ee5")]
    [InlineData("1e")]
    [InlineData("1K")]
    [InlineData("-1")]
    [InlineData("1,5Gi")]
    [InlineData("٣Gi")]
    [InlineData(".")]
    [InlineData("Gi")]
    [InlineData("")]
    public void what_no_server_takes_as_it_is_written_is_none_and_throws_nothing(string text) => Assert.Null(Quantity.Parse(text));
}
