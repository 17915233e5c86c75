namespace IrisOperator.ServingImage.Http;

internal sealed partial class ServingApplication
{
    [LoggerMessage(1, LogLevel.Error, "failed to answer {Method} {Path}")]
    private partial void LogFailed(Exception failure, string method, string path);

    [LoggerMessage(2, LogLevel.Debug, "answered {Method} {Path} with {Status} in {Milliseconds} ms", SkipEnabledCheck = true)]
    private partial void LogAnswered(string method, string path, int status, double milliseconds);
}
