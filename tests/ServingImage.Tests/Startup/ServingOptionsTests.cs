using Microsoft.Extensions.Logging;

namespace IrisOperator.ServingImage.Tests.Startup;

public sealed class ServingOptionsTests
{
    private const string Digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Fact]
    public void defaults_hold_when_only_the_folder_is_given()
    {
        var options = From(("IRIS_MODEL_DIR", "/models/a"));

        Assert.Equal("/models/a", options.ModelFolder);
        Assert.Null(options.ModelDigest);
        Assert.Equal(8080, options.Port);
        Assert.Equal(TimeSpan.FromSeconds(2), options.RequestTimeout);
        Assert.Equal(2 * Environment.ProcessorCount, options.MaxConcurrency);
        Assert.Equal(TimeSpan.FromSeconds(5), options.DrainTime);
        Assert.Equal(LogLevel.Information, options.LogLevel);
    }

    [Fact]
    public void every_variable_is_read()
    {
        var options = From(
            ("IRIS_MODEL_DIR", "/m"),
            ("IRIS_MODEL_DIGEST", Digest),
            ("IRIS_PORT", "9000"),
            ("IRIS_REQUEST_TIMEOUT_MS", "150"),
            ("IRIS_MAX_CONCURRENCY", "3"),
            ("IRIS_DRAIN_SECONDS", "0"),
            ("IRIS_LOG_LEVEL", "debug"),
            ("IRIS_LOG_FORMAT", "text"));

        Assert.Equal(
            new ServingOptions
            {
                ModelFolder = "/m",
                ModelDigest = Digest,
                Port = 9000,
                RequestTimeout = TimeSpan.FromMilliseconds(150),
                MaxConcurrency = 3,
                DrainTime = TimeSpan.Zero,
                LogLevel = LogLevel.Debug,
                LogFormat = "text",
            },
            options);
    }

    [Fact]
    public void an_option_wins_over_its_variable()
    {
        string[] arguments =
        [
            "--model-dir", "/m", "--model-digest", Digest, "--port=9000", "--request-timeout-ms=150", "--max-concurrency=3",
            "--drain-seconds=0", "--log-level=debug", "--log-format=text", "--termination-log=/tmp/log",
        ];
        var command = new ServingCommand(arguments, name => name == "IRIS_LOG_FORMAT" ? "json" : "7");

        Assert.Equal(
            From(
                ("IRIS_MODEL_DIR", "/m"),
                ("IRIS_MODEL_DIGEST", Digest),
                ("IRIS_PORT", "9000"),
                ("IRIS_REQUEST_TIMEOUT_MS", "150"),
                ("IRIS_MAX_CONCURRENCY", "3"),
                ("IRIS_DRAIN_SECONDS", "0"),
                ("IRIS_LOG_LEVEL", "debug"),
                ("IRIS_LOG_FORMAT", "text")),
            command.ReadOptions());
        Assert.Equal("/tmp/log", command.TerminationLog);
    }

    [Theory]
    [InlineData("--port=http", "--port=\"http\": expected a whole number from 0 to 65535")]
    [InlineData("--ports=80", "Unrecognized command or argument '--ports=80'. (--help lists the options)")]
    [InlineData("folder", "Unrecognized command or argument 'folder'. (--help lists the options)")]
    public void a_bad_option_is_named_with_what_is_expected(string argument, string message)
    {
        var error = Assert.Throws<InvalidOptionException>(() => new ServingCommand(["--model-dir=/m", argument], _ => null).ReadOptions());

        Assert.Equal(message, error.Message);
    }

    [Theory]
    [InlineData("IRIS_MODEL_DIR", "", "IRIS_MODEL_DIR is not set: expected the folder with manifest.json")]
    [InlineData("IRIS_PORT", "65536", "IRIS_PORT=\"65536\": expected a whole number from 0 to 65535")]
    [InlineData("IRIS_PORT", " 80", "IRIS_PORT=\" 80\": expected a whole number from 0 to 65535")]
    [InlineData("IRIS_REQUEST_TIMEOUT_MS", "0", "IRIS_REQUEST_TIMEOUT_MS=\"0\": expected a whole number from 1 to 600000")]
    [InlineData("IRIS_REQUEST_TIMEOUT_MS", "2s", "IRIS_REQUEST_TIMEOUT_MS=\"2s\": expected a whole number from 1 to 600000")]
    [InlineData("IRIS_MAX_CONCURRENCY", "-1", "IRIS_MAX_CONCURRENCY=\"-1\": expected a whole number from 0 to 10000")]
    [InlineData("IRIS_DRAIN_SECONDS", "5.5", "IRIS_DRAIN_SECONDS=\"5.5\": expected a whole number from 0 to 3600")]
    [InlineData("IRIS_MODEL_DIGEST", "sha256:ABC", "IRIS_MODEL_DIGEST=\"sha256:ABC\": expected sha256: and 64 lower-case hex digits")]
    [InlineData("IRIS_LOG_FORMAT", "xml", "IRIS_LOG_FORMAT=\"xml\": expected json or text")]
    [InlineData("IRIS_LOG_LEVEL", "loud", "IRIS_LOG_LEVEL=\"loud\": expected debug, info, warning or error")]
    public void a_bad_value_is_named_with_what_is_expected(string name, string value, string message)
    {
        var error = Assert.Throws<InvalidOptionException>(() => From(("IRIS_MODEL_DIR", "/m"), (name, value)));

        Assert.Equal(message, error.Message);
    }

    private static ServingOptions From(params (string Name, string Value)[] variables)
    {
        return new ServingCommand([], name => variables.LastOrDefault(v => v.Name == name).Value).ReadOptions();
    }
}
