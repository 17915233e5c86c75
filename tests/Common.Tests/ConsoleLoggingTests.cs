using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace IrisOperator.Common.Tests;

public sealed class ConsoleLoggingTests
{
    [Theory]
    [InlineData("Information", LogLevel.Information)]
    [InlineData("info", LogLevel.Information)]
    [InlineData("DEBUG", LogLevel.Debug)]
    [InlineData("warning", LogLevel.Warning)]
    [InlineData("Error", LogLevel.Error)]
    public void levels_are_read_in_both_spellings(string text, LogLevel expected)
    {
        Assert.True(ConsoleLogging.TryParseLevel(text, out var level));
        Assert.Equal(expected, level);
    }

    [Fact]
    public void an_unknown_level_is_not_read() => Assert.False(ConsoleLogging.TryParseLevel("loud", out _));

    [Fact]
    public void a_line_is_json_with_utc_time_message_values_and_scopes()
    {
        var before = Console.Error;
        using var output = new StringWriter();
        Console.SetError(output);
        try
        {
            using (var loggers = LoggerFactory.Create(
                logging => logging.AddProgramConsole(LogLevel.Information, "json", standardError: true)))
            {
                var logger = loggers.CreateLogger("IrisOperator.Test");
                using (logger.BeginScope(new Dictionary<string, object?> { ["namespace"] = "default", ["name"] = "flower" }))
                {
#pragma warning disable CA1848, CA1873 // one line, of a test
                    logger.LogInformation("reconciled {Count} objects", 3);
#pragma warning restore CA1848, CA1873
                }
            }
        }
        finally
        {
            Console.SetError(before);
        }

        var line = JsonDocument.Parse(output.ToString()).RootElement;
        Assert.Equal("reconciled 3 objects", line.GetProperty("Message").GetString());
        Assert.DoesNotContain("Message", line.GetProperty("State").EnumerateObject().Select(value => value.Name));
        Assert.Equal(3, line.GetProperty("State").GetProperty("Count").GetInt32());
        Assert.Equal("flower", line.GetProperty("Scopes")[0].GetProperty("name").GetString());
        Assert.EndsWith("Z", line.GetProperty("Timestamp").GetString(), StringComparison.Ordinal);
    }
}
