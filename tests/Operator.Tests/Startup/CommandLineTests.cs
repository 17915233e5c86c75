using System.Text.RegularExpressions;
using IrisOperator.Operator.Startup;
using IrisOperator.Testing;
using Microsoft.Extensions.Logging;

namespace IrisOperator.Operator.Tests.Startup;

public sealed partial class CommandLineTests
{
    [Fact]
    public void flags_win_over_the_environment()
    {
        var arguments = Parse(
            ["--namespace", "one", "--leader-elect", "--metrics-port=9090"], name => name == "IRIS_NAMESPACE" ? "two" : null);

        Assert.Equal(("one", true, 9090), (arguments.Namespace, arguments.LeaderElect, arguments.Port));
    }

    [Fact]
    public void an_empty_namespace_means_all() => Assert.Null(Parse([], _ => "").Namespace);

    [Fact]
    public void the_argument_after_an_empty_value_stands_for_itself()
    {
        var arguments = Parse(["--namespace=", "--leader-elect"], _ => null);

        Assert.Equal((null, true), (arguments.Namespace, arguments.LeaderElect));
    }

    [Fact]
    public void the_last_one_of_repeated_options_counts() =>
        Assert.Equal(2, Parse(["--health-port", "1", "--metrics-port", "2"], _ => null).Port);

    [Fact]
    public void lists_are_separated_by_commas() => Assert.Equal(
        ["one:5000", "two"], Parse([], name => name == "IRIS_REGISTRIES" ? "one:5000, two," : null).Registry.Named);

    [Fact]
    public void token_services_have_the_certificate_authority_of_the_named_registries()
    {
        var options = Parse(["--token-services=auth.example", "--registry-ca=/ca.crt"], _ => null).Registry.ToOptions();

        Assert.Equal(("auth.example", "/ca.crt"), ($"{options.TokenServices[0].Host}", options.TokenServices[0].CertificateAuthorityFile));
    }

    [Fact]
    public void a_wrong_variable_is_told_by_its_option() => Assert.Equal(
        "--workers: \"many\" is not a number from 1 to 256",
        Assert.Throws<FormatException>(() => Parse([], name => name == "IRIS_WORKERS" ? "many" : null)).Message);

    [Theory]
    [InlineData("Debug", LogLevel.Debug)]
    [InlineData("Information", LogLevel.Information)]
    [InlineData("warning", LogLevel.Warning)]
    public void levels_may_have_the_names_of_the_first_version(string text, LogLevel level) =>
        Assert.Equal(level, Parse([], name => name == "IRIS_LOG_LEVEL" ? text : null).LogLevel);

    [Theory]
    [InlineData("--colour", "unknown argument \"--colour\"; try --help")]
    [InlineData("--namespace", "--namespace needs a value")]
    [InlineData("--check=localhost", "--check: \"localhost\" is not an http address")]
    [InlineData("--metrics-port=0", "--metrics-port: \"0\" is not a number from 1 to 65535")]
    [InlineData("--leader-elect=maybe", "--leader-elect: \"maybe\" is neither true nor false")]
    [InlineData("--log-level=loud", "--log-level: \"loud\" is not debug, info, warning or error")]
    [InlineData("--log-format=xml", "--log-format: \"xml\" is not json or text")]
    public void a_wrong_argument_is_named(string argument, string message) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => Parse([argument], _ => null)).Message);

    [Fact]
    public void each_option_and_variable_is_on_the_page_of_the_program()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "spec", "operator.md"));
        var source = File.ReadAllText(Path.Combine(Repository.Root, "src", "Operator", "Startup", "CommandLine.cs"));
        var names = Name().Matches(source).Select(match => match.Groups[1].Value).ToHashSet();

        Assert.True(names.Count > 25, "the expression no longer finds the options");
        Assert.All(names, name => Assert.Contains($"`{name}", page, StringComparison.Ordinal));
    }

    [GeneratedRegex("\"(--[a-z-]+|(?:IRIS|POD)_[A-Z_]+)\"")]
    private static partial Regex Name();

    private static Arguments Parse(string[] arguments, Func<string, string?> environment) =>
        Assert.IsType<Arguments>(new CommandLine(environment).Parse(arguments));
}
