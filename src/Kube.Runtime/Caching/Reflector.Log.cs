using Microsoft.Extensions.Logging;

namespace IrisOperator.Kube.Runtime.Caching;

internal sealed partial class Reflector<T>
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "Listed {resource}: {count} objects at version {version}")]
    private partial void LogListed(string resource, int count, string version);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Watch of {resource} starts over ({reason}) in {delay}: {message}")]
    private partial void LogFailed(string resource, string reason, string message, TimeSpan delay);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Cannot decode {resource} {key}: {error}")]
    private partial void LogInvalid(string resource, ObjectKey? key, string error);

    [LoggerMessage(Level = LogLevel.Error, Message = "Watcher of {resource} crashed and is started again")]
    private partial void LogCrashed(Exception error, string resource);
}
