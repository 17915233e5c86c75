using IrisOperator.Training;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace IrisOperator.TrainerImage.Tests;

/// <summary>How far a training has come, for a log and for a terminal.</summary>
public sealed class ProgressLogTests
{
    private readonly FakeLogger _logger = new();
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void a_log_gets_a_line_every_five_seconds_and_one_for_each_stage_that_ends()
    {
        var log = new ProgressLog(_logger, terminal: null, _time);

        for (var round = 1; round <= 12; round++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            log.Tell(new TrainingProgress("fold 1 of 2", round / 36.0, round, 12));
        }
        log.Tell(new TrainingProgress("fold 1 of 2", 1 / 3.0, 0, 0, "accuracy 0.9500 on 60 rows"));

        Assert.Equal(
            [
                "fold 1 of 2: round 5 of 12, 0.139 of the training", "fold 1 of 2: round 10 of 12, 0.278 of the training",
                "fold 1 of 2: accuracy 0.9500 on 60 rows",
            ],
            _logger.Collector.GetSnapshot().Select(record => record.Message));
        Assert.Contains(_logger.Collector.GetSnapshot()[0].StructuredState!, pair => pair is { Key: "Round", Value: "5" });
    }

    [Fact]
    public void a_terminal_gets_a_bar_that_is_gone_before_a_stage_is_told()
    {
        using var terminal = new StringWriter();
        var log = new ProgressLog(_logger, terminal, _time);

        _time.Advance(TimeSpan.FromSeconds(1));
        log.Tell(new TrainingProgress("all rows", 0.5, 50, 100));
        log.Tell(new TrainingProgress("all rows", 0.51, 51, 100));
        log.Tell(new TrainingProgress("all rows", 1, 0, 0, "150 rows"));

        Assert.Equal("\r\e[K[###############...............] 50 % all rows, round 50 of 100\r\e[K", terminal.ToString());
        Assert.Equal("all rows: 150 rows", _logger.LatestRecord.Message);
    }
}
