using Microsoft.Extensions.Logging;

namespace IrisOperator.Operator.Images;

public sealed partial class RepositoryScanner
{
    [LoggerMessage(Level = LogLevel.Information, Message = "{Repository} has something new for {Followers} followers")]
    private partial void LogChanged(string repository, int followers);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Looking at {Repository} failed, next in {Seconds:0.0} s: {Reason}: {Problem}")]
    private partial void LogFailed(string repository, string reason, string problem, double seconds);
}
