namespace IrisOperator.Learning.Native;

/// <summary>A native library is not installed, is of an unknown version or reported an error. Message on one line.</summary>
public sealed class NativeLibraryException : Exception
{
    public NativeLibraryException(string message)
        : base(message)
    {
    }

    public NativeLibraryException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal static NativeLibraryException Missing(string library, string package, Exception cause)
    {
        return new NativeLibraryException($"{library} cannot be loaded: install the Debian package {package}", cause);
    }
}
