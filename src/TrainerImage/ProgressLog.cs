using System.Globalization;

namespace IrisOperator.TrainerImage;

/// <summary>
/// How far a training has come: a bar on a terminal, else a line of the log every few seconds; and a line for each stage that ends.
/// </summary>
internal sealed partial class ProgressLog(ILogger logger, TextWriter? terminal, TimeProvider time)
{
    private const int BarWidth = 30;
    private const string EraseLine = "\r\e[K";

    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _barInterval = TimeSpan.FromMilliseconds(100);

    private long _told = time.GetTimestamp();

    public void Tell(TrainingProgress progress)
    {
        if (progress.Result is { } result)
        {
            terminal?.Write(EraseLine);
            LogResult(logger, progress.Stage, result);
        }
        else if (time.GetElapsedTime(_told) >= (terminal is null ? _interval : _barInterval))
        {
            _told = time.GetTimestamp();
            if (terminal is null)
            {
                LogRound(logger, progress.Stage, progress.Round, progress.Rounds, Math.Round(progress.Share, 3));
            }
            else
            {
                terminal.Write(EraseLine + Bar(progress));
            }
        }
    }

    private static string Bar(TrainingProgress progress)
    {
        var done = (int)(progress.Share * BarWidth);
        var rounds = progress.Rounds > 0 ? $", round {progress.Round} of {progress.Rounds}" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"[{new string('#', done)}{new string('.', BarWidth - done)}] {progress.Share,4:P0} {progress.Stage}{rounds}");
    }

    [LoggerMessage(LogLevel.Information, "{Stage}: {Result}")]
    private static partial void LogResult(ILogger logger, string stage, string result);

    [LoggerMessage(LogLevel.Information, "{Stage}: round {Round} of {Rounds}, {Share} of the training")]
    private static partial void LogRound(ILogger logger, string stage, int round, int rounds, double share);
}
