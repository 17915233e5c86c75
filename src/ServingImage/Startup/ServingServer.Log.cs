namespace IrisOperator.ServingImage.Startup;

internal sealed partial class ServingServer
{
    [LoggerMessage(1, LogLevel.Information, "serving {ModelDigest} on port {Port}")]
    private partial void LogServing(string modelDigest, int port);
}
