using Microsoft.Extensions.Logging;

namespace IrisOperator.Kube.Runtime.Leadership;

public sealed partial class LeaderElector
{
    [LoggerMessage(Level = LogLevel.Information, Message = "{identity} waits for lease {lease}")]
    private partial void LogWaiting(string identity, ObjectKey lease);

    [LoggerMessage(Level = LogLevel.Information, Message = "{identity} leads by lease {lease}")]
    private partial void LogLeading(string identity, ObjectKey lease);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Lease {lease} was not obtained or renewed: {message}")]
    private partial void LogFailed(ObjectKey lease, string message);

    [LoggerMessage(Level = LogLevel.Information, Message = "Lease {lease} released")]
    private partial void LogReleased(ObjectKey lease);
}
