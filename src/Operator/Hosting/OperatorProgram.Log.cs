using Microsoft.Extensions.Logging;

namespace IrisOperator.Operator.Hosting;

public sealed partial class OperatorProgram
{
    [LoggerMessage(
        1,
        LogLevel.Information,
        "Starting against {Server}, namespace {Scope}, leader election {LeaderElect}, health and metrics on port {Port}")]
    private partial void LogStarting(Uri server, string scope, bool leaderElect, int port);

    [LoggerMessage(2, LogLevel.Error, "Missing right: {Right}; install the roles of config/rbac or of the chart")]
    private partial void LogMissingRight(string right);

    [LoggerMessage(3, LogLevel.Error, "Ending: {Reason}")]
    private partial void LogFailed(string reason);
}
