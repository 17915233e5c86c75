namespace IrisOperator.Operator.Planning;

public sealed partial class PlanExecutor
{
    [LoggerMessage(1, LogLevel.Information, "Writing child: {Action} for {Key}, rule {Rule}")]
    private partial void LogStep(string action, ObjectKey key, string rule);

    [LoggerMessage(2, LogLevel.Debug, "Writing status of {Key}, rule {Rule}")]
    private partial void LogStatus(ObjectKey key, string rule);

    [LoggerMessage(3, LogLevel.Debug, "Dropping the plan of rule {Rule} for {Key}: the view was stale")]
    private partial void LogStale(string rule, ObjectKey key);

    [LoggerMessage(4, LogLevel.Warning, "Child refused: {Action} for {Key}: {Reason}: {Reply}")]
    private partial void LogRefused(string action, ObjectKey key, string reason, string reply);
}
