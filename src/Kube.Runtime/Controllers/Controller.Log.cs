using Microsoft.Extensions.Logging;

namespace IrisOperator.Kube.Runtime.Controllers;

internal sealed partial class Controller<T>
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Controller {controller} started with {workers} workers")]
    private partial void LogStarted(string controller, int workers);

    [LoggerMessage(Level = LogLevel.Information, Message = "Controller {controller} stopped")]
    private partial void LogStopped(string controller);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Pass of {controller} over {key} ended: {result}, next in {delay}")]
    private partial void LogDone(string controller, ObjectKey key, string result, TimeSpan? delay);

    [LoggerMessage(Level = LogLevel.Information, Message = "Pass of {controller} over {key} waits for a change: {message}")]
    private partial void LogStalled(string controller, ObjectKey key, string message);

    [LoggerMessage(Level = LogLevel.Error, Message = "Pass of {controller} over {key} failed, next in {delay}")]
    private partial void LogFailed(Exception error, string controller, ObjectKey key, TimeSpan? delay);

    [LoggerMessage(Level = LogLevel.Information, Message = "Pass of {controller} over {key} was given up: not leading or stopping")]
    private partial void LogAborted(string controller, ObjectKey key);
}
