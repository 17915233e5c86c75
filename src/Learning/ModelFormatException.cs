namespace IrisOperator.Learning;

/// <summary>
/// A model folder that must not be served: a missing, truncated, altered or malformed file. The message starts with
/// the name of the file and fits on one line.
/// </summary>
public sealed class ModelFormatException : Exception
{
    public ModelFormatException(string message)
        : base(message)
    {
    }

    public ModelFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
