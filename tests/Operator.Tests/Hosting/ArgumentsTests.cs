using IrisOperator.Operator.Hosting;

namespace IrisOperator.Operator.Tests.Hosting;

public sealed class ArgumentsTests
{
    [Fact]
    public void flags_win_over_the_environment()
    {
        var arguments = Arguments.Parse(
            ["--namespace", "one", "--leader-elect", "--metrics-port=9090"], name => name == "IRIS_NAMESPACE" ? "two" : null);

        Assert.Equal(("one", true, 9090), (arguments.Namespace, arguments.LeaderElect, arguments.Port));
    }

    [Fact]
    public void an_empty_namespace_means_all() => Assert.Null(Arguments.Parse([], _ => "").Namespace);

    [Theory]
    [InlineData("--colour", "unknown argument \"--colour\"; try --help")]
    [InlineData("--namespace", "--namespace needs a value")]
    [InlineData("--metrics-port=0", "--metrics-port: \"0\" is not a number from 1 to 65535")]
    [InlineData("--leader-elect=maybe", "--leader-elect: \"maybe\" is neither true nor false")]
    public void a_wrong_argument_is_named(string argument, string message) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => Arguments.Parse([argument], _ => null)).Message);
}
