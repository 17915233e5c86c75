using Microsoft.Extensions.Logging;

namespace IrisOperator.Kube.Runtime;

public sealed partial class OperatorHost
{
    [LoggerMessage(Level = LogLevel.Information, Message = "All {count} caches are filled")]
    private partial void LogSynced(int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "Passes did not end after they were cancelled; the lease is not released")]
    private partial void LogStuck();
}
