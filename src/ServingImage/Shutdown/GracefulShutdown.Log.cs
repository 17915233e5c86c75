namespace IrisOperator.ServingImage.Shutdown;

internal sealed partial class GracefulShutdown
{
    [LoggerMessage(1, LogLevel.Information, "draining: not ready, accepting for {Seconds} s more")]
    private partial void LogDraining(double seconds);

    [LoggerMessage(2, LogLevel.Information, "second signal: no longer accepting")]
    private partial void LogHurried();

    [LoggerMessage(3, LogLevel.Information, "stopped")]
    private partial void LogStopped();
}
