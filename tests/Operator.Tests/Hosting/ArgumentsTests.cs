using IrisOperator.Operator.Hosting;
using Microsoft.Extensions.Logging;

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
    [InlineData("Debug", LogLevel.Debug)]
    [InlineData("Information", LogLevel.Information)]
    [InlineData("warning", LogLevel.Warning)]
    public void levels_may_have_the_names_of_the_first_version(string text, LogLevel level) =>
        Assert.Equal(level, Arguments.Parse([], name => name == "IRIS_LOG_LEVEL" ? text : null).LogLevel);

    [Theory]
    [InlineData("--colour", "unknown argument \"--colour\"; try --help")]
    [InlineData("--namespace", "--namespace needs a value")]
    [InlineData("--metrics-port=0", "--metrics-port: \"0\" is not a number from 1 to 65535")]
    [InlineData("--leader-elect=maybe", "--leader-elect: \"maybe\" is neither true nor false")]
    [InlineData("--log-level=loud", "--log-level: \"loud\" is not debug, info, warning or error")]
    [InlineData("--log-format=xml", "--log-format: \"xml\" is not json or text")]
    public void a_wrong_argument_is_named(string argument, string message) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => Arguments.Parse([argument], _ => null)).Message);
}
