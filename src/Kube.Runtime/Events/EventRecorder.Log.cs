using Microsoft.Extensions.Logging;

namespace IrisOperator.Kube.Runtime.Events;

public sealed partial class EventRecorder
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "Event {reason} about {regarding} was not recorded: {message}")]
    private partial void LogFailed(string message, string reason, ObjectKey regarding);
}
