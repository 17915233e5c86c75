namespace IrisOperator.ServingImage.Startup;

/// <summary>
/// Where the kubelet looks for the reason of an exit: it becomes the container's termination message, and by way of the
/// operator the message of a condition.
/// </summary>
internal static class TerminationLog
{
    /// <returns>Null, or why it could not be written; that is no reason to fail differently.</returns>
    public static string? Write(string? path, string line)
    {
        if (path is null)
        {
            return null;
        }
        try
        {
            File.WriteAllText(path, line + "\n");
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"{path}: {error.Message}";
        }
    }
}
